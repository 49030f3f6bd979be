import { connect, createServer, type Socket } from 'node:net';

/** A TCP line to a server that can lose the answers while the questions still arrive: how a write becomes ambiguous. */
export interface LossyLine {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** From now on nothing comes back. */
  loseAnswers(): void;
  /** Cuts every connection and works normally again. */
  mend(): void;
  stop(): Promise<void>;
}

export async function startLossyLine(endpoint: string): Promise<LossyLine> {
  const target = new URL(endpoint);
  const sockets = new Set<Socket>();
  let isLosing = false;
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => {
      if (!isLosing) near.write(data);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    loseAnswers: () => {
      isLosing = true;
    },
    mend: () => {
      isLosing = false;
      cutAll();
    },
    stop: async () => {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
