import { describe, expect, test } from 'vitest';
import { Practice } from './practice.ts';

describe('a gesture in Slack', () => {
  test('a slash command is made durable, then acknowledged, then answered privately', async () => {
    await using practice = await Practice.open();

    const typed = await practice.type('ada', { channel: 'ops', text: '/k8s get pods -n “dev”' });

    expect(typed).toMatchObject({ ok: true, acknowledged: true });
    const [invocation] = practice.inbox.invocations;
    if (invocation === undefined) throw new Error('nothing came');
    expect(invocation).toMatchObject({
      raw: '/k8s get pods -n “dev”',
      surface: 'slash',
      channel: 'C0OPS',
      person: { team: 'T0PRACTICE', user: 'U0ADA' },
    });
    const answer = await practice.chat.answer(invocation, { status: 'succeeded', title: 'get pods (3 rows)' });
    expect(answer.kind).toBe('ephemeral');
    const seen = (await practice.sees('ada', 'ops')).at(-1);
    expect(seen).toMatchObject({ ephemeral: true });
    expect(seen?.plain).toContain('Succeeded ✅ get pods (3 rows)');
    expect((await practice.sees('grace', 'ops')).some((message) => message.plain.includes('get pods'))).toBe(false);
  });

  test('a private answer is replaced in place where a button was pressed; a slash command has nothing to replace', async () => {
    await using practice = await Practice.open();
    await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
    const [invocation] = practice.inbox.invocations;
    if (invocation === undefined) throw new Error('nothing came');
    const next = { action: 'next', label: 'Next page', value: 'xabc.0.n' };
    const slash = await practice.chat.answer(invocation, { title: 'page one', buttons: [next] });
    const words = async () => (await practice.sees('ada', 'ops')).map((message) => message.plain).join();
    const ts = (await practice.sees('ada', 'ops')).at(-1)?.ts ?? '';

    await practice.click('ada', { channel: 'ops', ts, action_id: 'next' });
    const [press] = practice.inbox.presses;
    if (press === undefined) throw new Error('no press came');
    expect(press.ephemeral).toBe(true);
    await practice.chat.replace({ ...press, kind: 'ephemeral' }, { title: 'page two' });

    expect(await words()).toContain('page two');
    expect(await words()).not.toContain('page one');
    await practice.chat.replace(slash, { title: 'page three' });
    expect(await words()).toContain('page two');
    expect(await words()).toContain('page three');
  });

  test('a mention is one invocation, answered in its thread', async () => {
    await using practice = await Practice.open();

    const typed = await practice.type('ada', { channel: 'ops', text: '@Shipmate k8s get pods' });
    await expect.poll(() => practice.inbox.invocations.length).toBe(1);

    const [invocation] = practice.inbox.invocations;
    if (invocation === undefined) throw new Error('nothing came');
    expect(invocation).toMatchObject({ raw: 'k8s get pods', surface: 'mention', thread: typed.ts });
    const answer = await practice.chat.answer(invocation, { title: 'here' });
    expect(answer.kind).toBe('message');
    expect((await practice.sees('grace', 'ops', typed.ts)).at(-1)?.plain).toContain('here');
  });

  test('a direct message needs no mention', async () => {
    await using practice = await Practice.open();

    await practice.type('ada', { channel: '@Shipmate', text: 'k8s get pods' });
    await expect.poll(() => practice.inbox.invocations.length).toBe(1);

    const [invocation] = practice.inbox.invocations;
    if (invocation === undefined) throw new Error('nothing came');
    expect(invocation).toMatchObject({ raw: 'k8s get pods', surface: 'direct', thread: undefined });
    await practice.chat.answer(invocation, { title: 'here' });
    expect((await practice.sees('ada', '@Shipmate')).at(-1)?.plain).toContain('here');
  });

  test('a button carries who pressed it and what it belongs to', async () => {
    await using practice = await Practice.open();
    const ref = await practice.chat.post(
      { channel: 'C0OPS' },
      { title: 'Scale?', buttons: [{ action: 'confirm', label: 'Scale web to 5', value: 'iabc.1', style: 'primary' }] },
    );

    const clicked = await practice.click('grace', { channel: 'ops', ts: ref.ts, action_id: 'confirm' });

    expect(clicked).toMatchObject({ ok: true, acknowledged: true });
    expect(practice.inbox.presses[0]).toMatchObject({
      action: 'confirm',
      value: 'iabc.1',
      person: { user: 'U0GRACE', team: 'T0PRACTICE' },
      message: ref,
      ephemeral: false,
    });
  });

  test('a button may ask before it acts', async () => {
    await using practice = await Practice.open();
    const ask = { title: 'Cancel?', text: 'Nothing will change.', yes: 'Cancel it', no: 'Back' };
    const ref = await practice.chat.post(
      { channel: 'C0OPS' },
      { title: 'Running', buttons: [{ action: 'cancel', label: 'Cancel', value: 'iabc.1', ask }] },
    );

    const clicked = await practice.click('ada', { channel: 'ops', ts: ref.ts, action_id: 'cancel' });

    expect(clicked).toMatchObject({ ok: false, error: 'needs_confirmation' });
    expect(practice.inbox.presses).toEqual([]);
  });

  test('a dialog opens, refuses what is wrong, and closes', async () => {
    await using practice = await Practice.open();
    const ref = await practice.chat.post(
      { channel: 'C0OPS' },
      { title: 'Deny?', buttons: [{ action: 'deny', label: 'Deny', value: 'iabc.1' }] },
    );
    await practice.click('ada', { channel: 'ops', ts: ref.ts, action_id: 'deny' });
    await practice.chat.openModal(practice.inbox.presses[0]?.triggerId ?? '', {
      callback: 'deny-reason',
      subject: 'iabc.1',
      title: 'Deny',
      submit: 'Deny',
      parts: [{ kind: 'text', spans: ['Why not?'] }],
      fields: [{ name: 'reason', label: 'Reason' }],
    });
    practice.inbox.modalAnswer = { errors: { reason: 'Too short.' } };

    const refused = await practice.submit('ada', { values: { reason: 'no' } });
    practice.inbox.modalAnswer = { close: true };
    const closed = await practice.submit('ada', { values: { reason: 'not during the sale' } });

    expect(refused.errors).toEqual({ reason: 'Too short.' });
    expect(closed.closed).toBe(true);
    expect(practice.inbox.submissions.at(-1)).toMatchObject({
      callback: 'deny-reason',
      subject: 'iabc.1',
      values: { reason: 'not during the sale' },
      person: { user: 'U0ADA' },
    });
  });

  test('opening Home shows what is published for that person', async () => {
    await using practice = await Practice.open();

    await practice.home('ada');
    await expect.poll(() => practice.inbox.homes.length).toBe(1);
    const [person] = practice.inbox.homes;
    if (person === undefined) throw new Error('nobody came');
    await practice.chat.publishHome(person, { title: 'Your clusters', parts: [{ kind: 'list', items: ['prod'] }] });

    expect((await practice.views('ada')).home?.plain).toContain('Your clusters');
  });

  test('a dead trigger is told calmly', async () => {
    await using practice = await Practice.open();
    const modal = {
      callback: 'x',
      subject: 'y',
      title: 'T',
      submit: 'S',
      parts: [],
      fields: [{ name: 'a', label: 'A' }],
    };

    await expect(practice.chat.openModal('1.2.3', modal)).rejects.toMatchObject({ code: 'E_UNAVAILABLE' });
  });
});

describe('the acknowledgement', () => {
  test('says honestly when the queue did not confirm', async () => {
    await using practice = await Practice.open();
    practice.inbox.before = () => Promise.reject(new Error('redis is gone'));

    const typed = await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });

    expect(typed).toMatchObject({ acknowledged: true });
    const said = (await practice.sees('ada', 'ops')).at(-1)?.plain;
    expect(said).toMatch(/did not confirm in time that it took this. It may still run; its id is i[a-z0-9]+/);
    expect(said).toContain('/shipmate status');
  });

  test('comes within three seconds even when the queue never answers', async () => {
    await using practice = await Practice.open();
    practice.inbox.before = () => new Promise(() => undefined);

    const typed = await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });

    expect(typed).toMatchObject({ acknowledged: true });
    expect(typed.ackMs).toBeLessThan(3_000);
  });

  test('of a button that was not confirmed is told privately', async () => {
    await using practice = await Practice.open();
    const ref = await practice.chat.post(
      { channel: 'C0OPS' },
      { title: 'Scale?', buttons: [{ action: 'confirm', label: 'Scale', value: 'iabc.1' }] },
    );
    practice.inbox.before = () => Promise.reject(new Error('redis is gone'));

    await practice.click('ada', { channel: 'ops', ts: ref.ts, action_id: 'confirm' });

    await expect.poll(async () => (await practice.sees('ada', 'ops')).at(-1)?.plain).toContain('It may still run');
  });

  test('of a dialog that was not confirmed keeps it open and says why', async () => {
    await using practice = await Practice.open();
    await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
    await practice.chat.openModal(practice.inbox.invocations[0]?.triggerId ?? '', {
      callback: 'c',
      subject: 's',
      title: 'T',
      submit: 'S',
      parts: [],
      fields: [{ name: 'reason', label: 'Reason' }],
    });
    practice.inbox.before = () => Promise.reject(new Error('redis is gone'));

    const submitted = await practice.submit('ada', { values: { reason: 'x' } });

    expect(submitted.closed).toBe(false);
    expect(submitted.errors?.reason).toContain('It may still run');
  });

  test('of an event that was not confirmed is withheld, and the redelivery is the same invocation', async () => {
    await using practice = await Practice.open();
    let attempts = 0;
    practice.inbox.before = () => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error('redis is gone')) : Promise.resolve();
    };

    const typed = await practice.type('ada', { channel: 'ops', text: '@Shipmate k8s get pods' });

    await expect
      .poll(async () => (await practice.sees('ada', 'ops', typed.ts)).map((message) => message.plain).join())
      .toContain('It may still run');
    const [call] = await practice.calls('chat.postMessage');
    expect(call?.args.thread_ts).toBe(typed.ts);
    await expect.poll(() => practice.inbox.invocations.length, { timeout: 10_000 }).toBe(1);
    expect((await practice.calls('chat.postMessage')).length).toBe(1);
  });

  test('of a duplicated envelope comes twice, the invocation has one id', async () => {
    await using practice = await Practice.open();
    await practice.faults({ sockets: { duplicateNext: 1 } });

    await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
    await expect.poll(() => practice.inbox.invocations.length).toBe(2);

    expect(new Set(practice.inbox.invocations.map((invocation) => invocation.id)).size).toBe(1);
  });
});
