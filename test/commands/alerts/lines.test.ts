import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../../src/chat/message.ts';
import { messageWords } from '../../../src/chat/render/words.ts';
import { createLogger } from '../../../src/log.ts';
import type { CommandContext, ReadCommand } from '../../../src/pipeline/definition.ts';
import { parseLine } from '../../../src/pipeline/parse.ts';
import { createRegistry, loadCommands, type Registry } from '../../../src/pipeline/registry.ts';
import { type Office, openOffice } from '../../incidents/desk/office.ts';
import { ADA, T0 } from '../../incidents/ledger/world.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';

let etcd: EtcdService;
let office: Office;
let registry: Registry;
let lines = 0;
beforeAll(async () => {
  etcd = await startEtcd();
  registry = createRegistry(await loadCommands(join(import.meta.dirname, '../../../commands')));
});
beforeEach(async () => {
  office = await openOffice(etcd.endpoint);
  return () => office.close();
});
afterAll(() => etcd.stop());

/** Types a line as Ada, and reads the answer. */
async function types(line: string): Promise<Message> {
  lines += 1;
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => ({ text: quoted ?? bare ?? '' }));
  const parsed = parseLine(words, registry);
  if (parsed.kind !== 'command') throw new Error(`"${line}" asks for help.`);
  const context = {
    invocation: `i-line-${lines}`,
    person: ADA,
    channel: 'COPS',
    clock: () => office.world.now,
    log: createLogger('silent'),
    signal: new AbortController().signal,
    house: { commands: registry.commands, may: () => true, status: async () => [], alerts: office.desk },
  } as unknown as CommandContext;
  return await (parsed.command as ReadCommand).run(parsed.args as never, context);
}
const reads = async (line: string): Promise<string> => messageWords(await types(line));

describe('/alerts', () => {
  test('list shows the worst first, in two lines each that a phone shows whole', async () => {
    const { id } = await office.opens('web');

    const words = await reads('/alerts list -A');

    expect(words).toMatch(/^1 incident/);
    expect(words).toContain(
      `🟠 WARNING · shop/web · crash loop · 60s · firing\n${id} P01 container "web" exits with 1`,
    );
    expect(await reads('/alerts list -n bank')).toBe('Nothing open in bank');
    expect(await reads('/alerts ls --severity critical --status firing')).toBe('Nothing firing');
    await expect(types('/alerts list --status gone')).rejects.toThrow('"gone" is not one of');
  });

  test('ack takes several, and says what was taken already', async () => {
    const [web, api] = [await office.opens('web'), await office.opens('api')];

    const words = await reads(`/alerts ack shop/web ${api.id.slice(0, 5)}`);

    expect(words).toContain('2 incidents are yours');
    expect(words).toContain(`You have ${web.id} now`);
    expect(await reads('/alerts ack web')).toContain(`You have ${web.id} already`);
    expect(office.audit.filter(({ type }) => type === 'outcome').map(({ typed }) => typed)).toEqual([
      '/alerts ack shop/web',
      `/alerts ack ${api.id.slice(0, 5)}`,
    ]);
  });

  test('snooze wants to know how long, once', async () => {
    const { id } = await office.opens('web');

    await expect(types(`/alerts snooze ${id}`)).rejects.toThrow('For how long?');
    await expect(types(`/alerts snooze ${id} 2h --until 09:00`)).rejects.toThrow('Say how long only once');
    expect(await reads(`/alerts snooze ${id} 2h`)).toContain('quiet until Thu 1 Jan 03:00 Europe/Berlin');
    expect(await reads(`/alerts snooze ${id} --until 09:00`)).toContain('quiet until Thu 1 Jan 09:00 Europe/Berlin');
    expect((await office.world.book.get(id))?.value.snooze?.until).toBe(T0 + 8 * 3_600_000);
  });

  test('show has the living message and everything that happened', async () => {
    const { id } = await office.opens('web');
    await types(`/alerts escalate ${id}`);
    await types(`/alerts noise ${id} a planned load test`);

    const words = await reads('/alerts show shop/web');

    expect(words).toContain('Asked: S0ONCALL, UGRACE');
    expect(words).toContain('Marked as noise: a planned load test. by UADA');
  });

  test('resolve warns that it still fails, history and stats remember it', async () => {
    const { id } = await office.opens('web');

    expect(await reads(`/alerts resolve ${id} --reason "rolled back"`)).toContain('It was still failing');
    expect(await reads('/alerts history --since 1h')).toMatch(new RegExp(`${id} +warning .*by-hand`));
    expect(await reads('/alerts stats')).toMatch(/P01 +crash loop +1 /);
    expect(await reads('/alerts list')).toBe('Nothing open');
    expect(await reads('/alerts list --status resolved')).toContain(id);
  });

  test('silence needs a scope, a reason and one end', async () => {
    await expect(types('/alerts silence --reason peace')).rejects.toThrow('needs something to match');
    await expect(types('/alerts silence -n shop')).rejects.toThrow('needs a reason');
    await expect(types('/alerts mute -n shop --for 2h --until 09:00 --reason x')).rejects.toThrow('once');
    const made = await reads('/alerts mute -n shop,bank --rule P01 --for 2h --reason "load test"');
    const id = /Silence (s\w+) is/.exec(made)?.[1];
    expect(await reads('/alerts silences')).toMatch(
      new RegExp(`${id} +120m +-n shop,bank rule P01 +load test[^]*by UADA`),
    );
    expect(await reads(`/alerts unmute ${id}`)).toContain(`Silence ${id} is over`);
    await expect(types(`/alerts unsilence ${id}`)).rejects.toThrow('is in force');
  });

  test('rules lists them, and explains one with its thresholds', async () => {
    expect(await reads('/alerts rules')).toMatch(/P03 +Pod +image cannot be pulled/);
    expect(await reads('/alerts rules p03')).toMatch(/certainHold +15s/);
    await expect(types('/alerts rules P0333')).rejects.toThrow('There is no rule');
  });

  test('test opens a drill', async () => {
    expect(await reads('/alerts test P03')).toMatch(/Drill \w{7} of P03 is on its way/);
    expect(await reads('/alerts list')).toContain('drill-p03');
  });
});
