import type { Message, Part } from '../chat/message.ts';
import { UsageError } from '../errors.ts';
import { describeObject } from '../kubernetes/describe/describe.ts';
import { objectName } from '../kubernetes/names.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import { readWorkload } from '../kubernetes/workload.ts';
import type { CommandContext } from '../pipeline/definition.ts';
import { placeOf } from './kubernetes-args.ts';

export interface DescribeArgs {
  readonly what: readonly string[];
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
}

/** Reads one object and what stands beside it, and tells it in a few sections. */
export async function describe(args: DescribeArgs, { clusters, clock, signal }: CommandContext): Promise<Message> {
  if (args.what.length === 0)
    throw new UsageError('You must specify the type of resource to describe.', {
      hint: 'For example /k8s describe deploy/web, /k8s describe pod web-7c9d5-x2x4q, /k8s describe node harbour-2',
    });
  const { type, name } = singleOf(args.what);
  const cluster = clusters.get(args.cluster);
  const resource = await resolveOne(cluster, type);
  const namespace = resource.namespaced ? (args.namespace ?? cluster.defaultNamespace) : undefined;
  const object = await readWorkload(cluster, { resource, namespace, name }, signal);
  const { fields, sections } = await describeObject(cluster, resource, object, clock(), signal);
  return {
    title: `${objectName(resource, name)} · ${placeOf(cluster, namespace)}`,
    parts: [
      { kind: 'fields', fields },
      ...sections.flatMap(({ title, lines }): Part[] => [
        { kind: 'text', spans: [{ bold: title }] },
        { kind: 'list', items: lines },
      ]),
    ],
  };
}
