import { WebSocket } from 'ws';
import type { PageEvent, TypeAnswer } from '../../deploy/sandbox/slack/protocol.ts';

/** Ada at her keyboard, without a page: types and waits for what appears. */
export interface Typist {
  /** @returns Slack's gesture → acknowledgement, milliseconds. */
  type(text: string): Promise<number>;
  /** Types and waits for the next answer that only she sees. @returns typed → visible, milliseconds. */
  typeAndSee(text: string): Promise<number>;
  close(): void;
}

export async function typist(controlUrl: string, person: string, channel: string): Promise<Typist> {
  const socket = new WebSocket(`${controlUrl.replace('http', 'ws')}/as/${person}/events`);
  let seen: (() => void) | undefined;
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as PageEvent;
    if (event.type === 'ephemeral') seen?.();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

  const type = async (text: string): Promise<number> => {
    const response = await fetch(`${controlUrl}/as/${person}/type`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel, text }),
    });
    const answer = (await response.json()) as TypeAnswer;
    if (!answer.ok || answer.kind !== 'command' || !answer.acknowledged)
      throw new Error(`not acknowledged: ${JSON.stringify(answer)}`);
    return answer.ackMs;
  };
  return {
    type,
    async typeAndSee(text) {
      const visible = new Promise<void>((resolve) => {
        seen = resolve;
      });
      const startedAt = performance.now();
      await type(text);
      await visible;
      return performance.now() - startedAt;
    },
    close: () => socket.close(),
  };
}
