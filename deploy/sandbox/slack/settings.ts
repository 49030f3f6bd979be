import type { World } from './world.ts';

/** What scripts may change while it runs. */
export interface Settings {
  postLimit: false | { readonly burst: number; readonly perSecond: number };
  eventsUrl: string | undefined;
  commandsUrl: string | undefined;
  interactivityUrl: string | undefined;
  /** Slack: 3 seconds. */
  ackTimeoutMs: number;
  keepCalls: number;
}

export function initialSettings(world: World): Settings {
  return {
    postLimit: { burst: 4, perSecond: 1 },
    eventsUrl: world.app.eventsUrl,
    commandsUrl: world.app.commandsUrl,
    interactivityUrl: world.app.interactivityUrl ?? world.app.commandsUrl ?? world.app.eventsUrl,
    ackTimeoutMs: 3_000,
    keepCalls: 2_000,
  };
}
