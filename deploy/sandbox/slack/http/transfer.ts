import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Workspace } from '../workspace.ts';
import { sendBytes, sendText } from './exchange.ts';

/** `POST /upload/<file id>`: the bytes, as they are or as a form with one file. */
export function handleUpload(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  body: Buffer,
): void {
  const file = workspace.files.get(id);
  if (file === undefined || file.isComplete) {
    sendText(response, 404, 'file_not_found');
    return;
  }
  const [, boundary] = /multipart\/form-data;.*boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '') ?? [];
  const bytes = boundary === undefined ? body : firstPart(body, boundary);
  if (bytes.length !== file.size) {
    sendText(response, 400, `expected ${file.size} bytes, got ${bytes.length}`);
    return;
  }
  file.bytes = bytes;
  sendText(response, 200, `OK - ${bytes.length}`);
}

/** `GET /files/<id>/<name>` for the app (with its token), `/page-files/…` for the page. */
export function handleDownload(
  workspace: Workspace,
  response: ServerResponse,
  request: {
    readonly id: string;
    readonly token?: string | undefined;
    readonly isPage: boolean;
    readonly isDownload: boolean;
  },
): void {
  const file = workspace.files.get(request.id);
  const isAllowed = request.isPage || request.token === workspace.world.app.botToken;
  if (file?.bytes === undefined || !file.isComplete || !isAllowed) {
    sendText(response, 404, 'file_not_found');
    return;
  }
  // Pictures and text only are shown in place: an uploaded page must not run as one of ours.
  const isShown = /^(text\/(plain|csv|yaml|x-diff|markdown)|application\/json|image\/(png|jpeg))$/.test(file.mimetype);
  const name = encodeURIComponent(file.name);
  sendBytes(response, file.bytes, file.mimetype.startsWith('text/') ? 'text/plain; charset=utf-8' : file.mimetype, {
    'content-disposition': `${isShown && !request.isDownload ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    'x-content-type-options': 'nosniff',
  });
}

function firstPart(body: Buffer, boundary: string): Buffer {
  const start = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return start < 0 || end < 0 ? body : body.subarray(start + 4, end);
}
