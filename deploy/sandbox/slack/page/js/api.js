/** The control API of the practice Slack, as one person. Never throws for an answer of Slack's; a dead server is a refusal too. */

/** @typedef {{ok: true, [key: string]: any} | {ok: false, error: string, message: string, confirm?: any}} Answer */

const me = () => encodeURIComponent(new URLSearchParams(location.search).get('as') ?? '');

async function call(path, init) {
  try {
    const response = await fetch(path, init);
    return await response.json();
  } catch (error) {
    return {
      ok: false,
      error: 'unreachable',
      message: `The practice Slack does not answer (${error.message}). Is npm run sandbox still running?`,
    };
  }
}

const post = (action, body = {}) =>
  call(`/control/as/${me()}/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const get = (action, query = {}) => call(`/control/as/${me()}/${action}?${new URLSearchParams(query)}`);

export const api = {
  state: () => call('/control/state'),
  sees: (channel, thread) => get('sees', thread ? { channel, thread_ts: thread } : { channel }),
  views: () => get('views'),
  type: (request) => post('type', request),
  click: (request) => post('click', request),
  choose: (request) => post('choose', request),
  options: (request) => post('options', request),
  submit: (request) => post('submit', request),
  close: (request) => post('close', request),
  react: (request) => post('react', request),
  home: () => post('home'),
  join: (channel) => post('join', { channel }),
};

const RETRY_MS = 1_000;

/**
 * Everything this person sees from now on. Reconnects until the page goes; each new connection starts with `hello`, at which
 * the page reads again what it shows, so that nothing said in between is missed.
 */
export function listen(onEvent, onLink) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/control/as/${me()}/events`);
  socket.addEventListener('open', () => onLink(true));
  socket.addEventListener('message', (frame) => onEvent(JSON.parse(frame.data)));
  socket.addEventListener('close', () => {
    onLink(false);
    setTimeout(() => listen(onEvent, onLink), RETRY_MS);
  });
}
