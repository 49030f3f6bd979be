import { expect, test } from 'vitest';
import { opened } from '../../../src/incidents/lifecycle/open.ts';
import { outgoingOf } from '../../../src/incidents/relay/outgoing.ts';
import { signal, state, T0 } from '../ledger/world.ts';

test('what leaves for other systems holds no secret, also when it was recorded a moment ago', () => {
  const key = 'AKIAIOSFODNN7EXAMPLE';
  const ill = signal({ cause: `denied for ${key}`, facts: [{ label: 'message', value: `denied for ${key}` }] });
  const incident = opened(state('web', [ill], { labels: { note: key } }), T0);

  const sent = outgoingOf(incident, undefined);

  expect(JSON.stringify(sent)).not.toContain(key);
  expect(sent).toMatchObject({ dedupKey: `shipmate-${incident.id}`, object: 'deployment/web' });
});
