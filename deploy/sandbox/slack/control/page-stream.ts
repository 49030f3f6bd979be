import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { stateAnswer } from '../seen.ts';
import { personState } from '../store/people.ts';
import type { Workspace } from '../workspace.ts';

/** A page that falls this far behind is cut off, and connects again. */
const MAX_BUFFERED = 8 * 1024 * 1024;

/** `/control/as/:person/events`: what one person's page needs to stay true. */
export class PageStream {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, personName: string): void {
    const person = this.#workspace.people.find(personName);
    if (person === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (link) => {
      const end = this.#workspace.page.subscribe(person.id, (event) => {
        if (link.bufferedAmount > MAX_BUFFERED) link.terminate();
        else link.send(JSON.stringify(event));
      });
      link.on('close', end);
      link.on('error', () => link.terminate());
      link.send(
        JSON.stringify({ type: 'hello', me: personState(person), state: stateAnswer(this.#workspace, person) }),
      );
    });
  }

  stop(): void {
    for (const link of this.#server.clients) link.terminate();
    this.#server.close();
  }
}
