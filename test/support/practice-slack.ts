import type { CallRecord, FaultRequest, SettingsRequest, StateAnswer } from '../../deploy/sandbox/slack/protocol.ts';
import { type PracticeSlack, startPracticeSlack } from '../../deploy/sandbox/slack/server.ts';
import { smallWorld } from '../../deploy/sandbox/slack/small-world.ts';
import type { World } from '../../deploy/sandbox/slack/world.ts';
import { Actor } from './person.ts';
import { ControlClient } from './practice-slack-control.ts';

/** A practice Slack in a test: Ada, Grace, Linus and the guest Eve; #ops, #prod-alerts and #approvals. */
export interface TestSlack extends PracticeSlack {
  readonly control: ControlClient;
  /** Somebody who types, sees and clicks. */
  person(name: string): Actor;
  /** Breaks things, as `/control/faults` describes. */
  breaks(faults: FaultRequest): Promise<void>;
  repairs(): Promise<void>;
  settings(settings: SettingsRequest): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Web API calls so far, of one method or all. */
  calls(method?: string): Promise<readonly CallRecord[]>;
  state(): Promise<StateAnswer>;
}

export interface TestSlackOptions {
  readonly world?: Partial<World>;
  readonly port?: number;
  readonly pageDir?: string;
}

/** Starts one on a free port. End it with `stop()`. */
export async function startTestSlack(options: TestSlackOptions = {}): Promise<TestSlack> {
  const slack = await startPracticeSlack({ seed: smallWorld(options.world), ...options });
  return { ...slack, ...driveSlack(slack.controlUrl) };
}

/** Drives a practice Slack that runs elsewhere, such as the sandbox's: `controlUrl` from `.sandbox/sandbox.json`. */
export function driveSlack(controlUrl: string): Omit<TestSlack, keyof PracticeSlack> {
  const control = new ControlClient(controlUrl);
  return {
    control,
    person: (name) => new Actor(name, control),
    breaks: async (faults) => void (await control.post('faults', faults)),
    repairs: async () => void (await control.delete('faults')),
    settings: async (settings) => void (await control.post('settings', settings)),
    advance: async (ms) => void (await control.post('clock', { advanceMs: ms })),
    calls: async (method) => {
      const { calls } = await control.get<{ calls: readonly CallRecord[] }>('calls');
      return method === undefined ? calls : calls.filter((call) => call.method === method);
    },
    state: () => control.get<StateAnswer>('state'),
  };
}
