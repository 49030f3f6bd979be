import type { Json } from '../object.ts';
import { groupVersionOf, type Resources } from '../resources.ts';

/** `/openapi/v3`: which documents there are. */
export function openApiIndex(resources: Resources): Json {
  const paths: Record<string, Json> = {};
  for (const resource of resources.all()) {
    const path = pathOf(groupVersionOf(resource));
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}` };
  }
  return { paths };
}

function pathOf(groupVersion: string): string {
  return groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
}

/**
 * One group version's document. It holds only what kubectl asks it before it sends a change: that writes understand `dryRun` and
 * `fieldValidation`. The schemas are open objects; `explain` finds kinds, not fields.
 */
export function openApiDocument(resources: Resources, path: string): Json | undefined {
  const rows = resources.all().filter((resource) => pathOf(groupVersionOf(resource)) === path);
  if (rows.length === 0) return undefined;
  const paths: Record<string, Json> = {};
  const schemas: Record<string, Json> = {};
  for (const resource of rows) {
    const gvk = { group: resource.group, version: resource.version, kind: resource.kind };
    const url = `/${path}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}`;
    const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
      name,
      in: 'query',
      schema: { type: 'string', uniqueItems: true },
    }));
    const operation = (action: string): Json => ({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk,
      parameters,
      responses: { 200: { description: 'OK' } },
    });
    paths[url] = { post: operation('post') };
    paths[`${url}/{name}`] = { put: operation('put'), patch: operation('patch') };
    schemas[`practice.${resource.kind}`] = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      'x-kubernetes-group-version-kind': [gvk],
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Shipmate practice cluster', version: 'v1' },
    paths,
    components: { schemas },
  };
}
