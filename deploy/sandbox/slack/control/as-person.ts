import { choose, click, suggest } from '../gestures/act.ts';
import { deleteOwn, editOwn, joinOrLeave, openHome, react, reload, sees, views } from '../gestures/around.ts';
import { actingPerson } from '../gestures/people.ts';
import { GestureError } from '../gestures/refusal.ts';
import { close, submit } from '../gestures/submit.ts';
import { typeText } from '../gestures/type.ts';
import type {
  ChooseRequest,
  ClickRequest,
  CloseRequest,
  EditRequest,
  OptionsRequest,
  ReactRequest,
  SubmitRequest,
  TypeRequest,
} from '../protocol.ts';
import type { Person } from '../store/people.ts';
import type { Workspace } from '../workspace.ts';

type Handler = (workspace: Workspace, person: Person, body: Record<string, unknown>) => unknown;

/** What a person can do; the words are the last part of `/control/as/:person/…`. */
const GESTURES: Readonly<Record<string, Handler>> = {
  type: (workspace, person, body) => typeText(workspace, person, needs<TypeRequest>(body, 'channel', 'text')),
  click: (workspace, person, body) => click(workspace, person, body as ClickRequest),
  choose: (workspace, person, body) => choose(workspace, person, needsChoice(body)),
  options: (workspace, person, body) => suggest(workspace, person, needs<OptionsRequest>(body, 'query')),
  submit: (workspace, person, body) => submit(workspace, person, body as SubmitRequest),
  close: (workspace, person, body) => done(close(workspace, person, body as CloseRequest)),
  home: (workspace, person) => openHome(workspace, person),
  reload: (workspace, person) => done(reload(workspace, person)),
  react: (workspace, person, body) =>
    done(react(workspace, person, needs<ReactRequest>(body, 'channel', 'ts', 'name'))),
  edit: (workspace, person, body) =>
    done(editOwn(workspace, person, needs<EditRequest>(body, 'channel', 'ts', 'text'))),
  delete: (workspace, person, body) => done(deleteOwn(workspace, person, needs<EditRequest>(body, 'channel', 'ts'))),
  join: (workspace, person, body) =>
    done(joinOrLeave(workspace, person, needs<{ channel: string }>(body, 'channel').channel, true)),
  leave: (workspace, person, body) =>
    done(joinOrLeave(workspace, person, needs<{ channel: string }>(body, 'channel').channel, false)),
};

/** A gesture of one person. @throws GestureError when Slack's client would not let them. */
export async function gesture(
  workspace: Workspace,
  name: string,
  word: string,
  body: Record<string, unknown>,
): Promise<unknown> {
  const handler = GESTURES[word];
  if (handler === undefined)
    throw new GestureError(404, 'no_such_gesture', `Nobody can "${word}". Known: ${Object.keys(GESTURES).join(', ')}.`);
  return handler(workspace, actingPerson(workspace, name), body);
}

/** What one person sees. */
export function look(workspace: Workspace, name: string, word: string, query: URLSearchParams): unknown {
  const person = actingPerson(workspace, name);
  if (word === 'views') return views(workspace, person);
  if (word === 'sees') {
    const limit = Number(query.get('limit') ?? Number.NaN);
    return sees(workspace, person, query.get('channel') ?? '', {
      threadTs: query.get('thread_ts') ?? undefined,
      ...(Number.isInteger(limit) && limit > 0 ? { limit } : {}),
    });
  }
  throw new GestureError(404, 'no_such_view', `There is nothing called "${word}" to look at. Known: sees, views.`);
}

function needs<T>(body: Record<string, unknown>, ...names: readonly string[]): T {
  const missing = names.filter((name) => typeof body[name] !== 'string');
  if (missing.length > 0) throw new GestureError(400, 'missing_field', `Missing text field: ${missing.join(', ')}.`);
  return body as T;
}

function needsChoice(body: Record<string, unknown>): ChooseRequest {
  if (typeof body.value === 'string' || Array.isArray(body.value)) return body as unknown as ChooseRequest;
  throw new GestureError(400, 'missing_field', 'Missing field: value.');
}

function done(_nothing: unknown): { ok: true } {
  return { ok: true };
}
