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
  if (bridge.kind === 'alertmanager' && bridge.keyFile === undefined) return alertmanagerTarget(bridge, undefined);
  const key = bridge.keyFile === undefined ? '' : readKey(bridge.keyFile).trim();
  if (key === '')
    throw new UsageError(`The bridge "${bridge.name}" has no key.`, {
      hint: `Put it into the file that \`bridges.out\` names as keyFile.`,
    });
  switch (bridge.kind) {
    case 'alertmanager':
      return silentOn(key, alertmanagerTarget(bridge, key));
    case 'pagerduty':
      return silentOn(key, pagerdutyTarget(bridge, key));
    case 'jsm':
      return silentOn(key, jsmTarget(bridge, key));
    case 'webhook':
      return silentOn(key, webhookTarget(bridge, key));
  }
}

/** Some answers repeat the request; why one was refused is kept and shown, so the key is taken out of it. */
function silentOn(key: string, target: Target): Target {
  return {
    ...target,
    async send(alert, options) {
      const delivery = await target.send(alert, options);
      return delivery.ok ? delivery : { ...delivery, error: delivery.error.replaceAll(key, '…') };
    },
  };
}
