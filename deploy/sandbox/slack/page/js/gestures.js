/**
 * What happens when somebody presses, picks or types in a block: the request to the server, the confirm dialog if the block
 * asks for one, and a word when Slack says no.
 *
 * A surface is where the block stands: `{target: {channel, ts} | {view}, drafts?}`; `drafts` (modals only) keeps what
 * was typed, by block_id, so that an update of the view does not lose it.
 */
import { confirmDialog, toast } from './announce.js';
import { api } from './api.js';

/**
 * @param {'click' | 'choose'} kind
 * @param {HTMLElement} node shown busy until the app has acknowledged
 */
export async function act(surface, kind, { block, element, node, value }) {
  if (node.getAttribute('aria-busy') === 'true') return false;
  const request = { ...surface.target, block_id: block.block_id, action_id: element.action_id };
  if (kind === 'choose') request.value = value;
  let answer = await busy(node, () => api[kind](request));
  if (!answer.ok && answer.error === 'needs_confirmation') {
    if (!(await confirmDialog(answer.confirm))) {
      node.focus?.();
      return false;
    }
    answer = await busy(node, () => api[kind]({ ...request, confirmed: true }));
  }
  if (!answer.ok) toast(answer.message);
  return answer.ok;
}

async function busy(node, work) {
  node.setAttribute('aria-busy', 'true');
  try {
    return await work();
  } finally {
    node.removeAttribute('aria-busy');
  }
}
