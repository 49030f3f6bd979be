import type { AlertsConfig } from '../config/alerts.ts';
import { compileMatch, type Matched } from './silences/match.ts';

/** Where an incident is told, whom the button Escalate asks, and what to read first. */
export interface Route {
  /** Undefined: only recorded. */
  readonly channel: string | undefined;
  readonly escalateTo: readonly string[];
  readonly runbook: string | undefined;
}

export type Router = (incident: Matched) => Route;

/**
 * The first route of the config file that matches decides; where none does, `channels.alerts`. What a route does not say about whom to
 * ask is taken from `alerts.escalateTo`.
 * @param channel `channels.alerts`.
 */
export function createRouter(alerts: AlertsConfig, channel: string | undefined): Router {
  const routes = alerts.routes.map((route) => ({
    matches: compileMatch(route.match),
    route: {
      channel: route.channel,
      escalateTo: route.escalateTo ?? alerts.escalateTo,
      runbook: route.runbook,
    } satisfies Route,
  }));
  const otherwise: Route = { channel, escalateTo: alerts.escalateTo, runbook: undefined };
  return (incident) => routes.find(({ matches }) => matches(incident))?.route ?? otherwise;
}
