import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import type { BotWorld } from './bot.ts';
import type { Actor } from './person.ts';

export const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };

/** A deployment as the cluster has it, past the bot. */
export function deploymentIn(house: BotWorld, name: string, namespace = 'shop'): Promise<KubeObject> {
  return house.cluster.request({ resource: DEPLOYMENTS, namespace, name });
}

/** Types a change in #ops and returns its card, confirmed by nobody yet. */
export async function asksFor(person: Actor, text: string, wanted: string | RegExp): Promise<SeenMessage> {
  const before = (await person.reads('ops')).at(-1);
  await person.types(text, { channel: 'ops' });
  return person.sees('ops', wanted, { withinMs: 30_000, ...(before ? { after: before } : {}) });
}

/** The messages of one change: found by the invocation id in their metadata. There must be one. */
export async function messagesOf(person: Actor, card: SeenMessage): Promise<readonly SeenMessage[]> {
  const id = card.metadata?.event_payload.invocation;
  return (await person.reads('ops')).filter((message) => message.metadata?.event_payload.invocation === id);
}
