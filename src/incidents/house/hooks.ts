import { INCIDENT_LABEL, type IncomingAlert } from '../../bridges/alert.ts';
import { parseAlertmanager } from '../../bridges/in/alertmanager.ts';
import { BadBody } from '../../bridges/in/fields.ts';
import { parseGeneric } from '../../bridges/in/generic.ts';
import type { BridgeInConfig } from '../../config/bridges.ts';
import { UsageError } from '../../errors.ts';
import { BadRequest, type Hook } from '../../http/hooks.ts';
import type { Logger } from '../../log.ts';
import type { Clock } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import { LEAST_TOKEN } from '../check-bridges.ts';
import { type ExternalSettings, takeAlerts } from '../external.ts';
import type { Heartbeats } from '../heartbeats.ts';
import type { Ear } from '../relay/heard.ts';
import { externalOf } from '../relay/incoming.ts';
import { incidentOf } from '../relay/outgoing.ts';

export interface HooksDeps extends ExternalSettings {
  readonly bridges: readonly BridgeInConfig[];
  readonly book: KeptBook;
  readonly heartbeats: () => Promise<Heartbeats>;
  readonly ear: Ear;
  readonly clock: Clock;
  readonly log: Logger;
  readKey(path: string): string;
}

/** The ways in that the config names. @throws UsageError when a token cannot be read or is too short. */
export function hooksOf(deps: HooksDeps): readonly Hook[] {
  return deps.bridges.map((bridge) => ({
    path: bridge.kind === 'alertmanager' ? '/hooks/alertmanager' : '/hooks',
    token: tokenOf(bridge, deps.readKey),
    take: (body) => take(body, bridge, deps),
  }));
}

async function take(
  body: unknown,
  bridge: BridgeInConfig,
  deps: HooksDeps,
): Promise<{ accepted: number; skipped: readonly string[] }> {
  const now = deps.clock();
  const parsed = parsedOf(body, bridge, now, deps.ear);
  if (parsed.skipped.length > 0 || parsed.truncated > 0)
    deps.log.warn(
      { bridge: bridge.name, skipped: parsed.skipped, truncated: parsed.truncated },
      'alerts were left out',
    );
  try {
    if (parsed.alerts.some(({ isHeartbeat, status }) => isHeartbeat && status === 'firing'))
      await (await deps.heartbeats()).beat(bridge.name);
    const alerts = parsed.alerts.filter(({ isHeartbeat }) => !isHeartbeat);
    const foreign = await notOurs(alerts, deps.book);
    await takeAlerts(
      deps.book,
      foreign.map((alert) => externalOf(alert, bridge, now, foreign.length)),
      now,
      deps,
    );
    deps.ear.heard(bridge.name);
    return { accepted: parsed.alerts.length, skipped: parsed.skipped };
  } catch (error) {
    deps.log.warn({ err: error, bridge: bridge.name }, 'alerts were not recorded; the sender is asked to come again');
    throw error;
  }
}

function parsedOf(body: unknown, bridge: BridgeInConfig, now: number, ear: Ear): ReturnType<typeof parseGeneric> {
  try {
    return bridge.kind === 'alertmanager' ? parseAlertmanager(body, bridge, now) : parseGeneric(body, bridge, now);
  } catch (error) {
    if (!(error instanceof BadBody)) throw error;
    ear.refused(bridge.name, error.message);
    throw new BadRequest(error.message);
  }
}

/** What we told an Alertmanager comes back to us where its routes say so; our own incident is there already. */
async function notOurs(alerts: readonly IncomingAlert[], book: KeptBook): Promise<readonly IncomingAlert[]> {
  const own = await Promise.all(alerts.map(async ({ labels }) => await isKnown(labels[INCIDENT_LABEL], book)));
  return alerts.filter((_alert, index) => !own[index]);
}

async function isKnown(label: string | undefined, book: KeptBook): Promise<boolean> {
  const id = label === undefined ? undefined : incidentOf(label);
  return id !== undefined && (await book.get(id)) !== undefined;
}

function tokenOf(bridge: BridgeInConfig, readKey: (path: string) => string): string {
  const token = readKey(bridge.tokenFile).trim();
  if (token.length >= LEAST_TOKEN && !/[\s/?#%]/.test(token)) return token;
  throw new UsageError(`The token of the bridge "${bridge.name}" cannot be used.`, {
    hint: `It needs at least ${LEAST_TOKEN} characters, none of them a space, "/", "?", "#" or "%": openssl rand -hex 24`,
  });
}
