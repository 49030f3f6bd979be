import type { BridgeOutConfig } from '../../config/bridges.ts';
import { UsageError } from '../../errors.ts';
import type { Target } from '../alert.ts';
import { alertmanagerTarget } from './alertmanager.ts';
import { jsmTarget } from './jsm.ts';
import { pagerdutyTarget } from './pagerduty.ts';
import { webhookTarget } from './webhook.ts';

/**
 * The target of a bridge. @param readKey reads the file named by `keyFile`. @throws UsageError when a key is missing or empty; the key is
 * not in the message.
 */
export function targetOf(bridge: BridgeOutConfig, readKey: (path: string) => string): Target {
  if (bridge.kind === 'alertmanager') return alertmanagerTarget(bridge);
  const key = bridge.keyFile === undefined ? '' : readKey(bridge.keyFile).trim();
  if (key === '')
    throw new UsageError(`The bridge "${bridge.name}" has no key.`, {
      hint: `Put it into the file that \`bridges.out\` names as keyFile.`,
    });
  switch (bridge.kind) {
    case 'pagerduty':
      return pagerdutyTarget(bridge, key);
    case 'jsm':
      return jsmTarget(bridge, key);
    case 'webhook':
      return webhookTarget(bridge, key);
  }
}
