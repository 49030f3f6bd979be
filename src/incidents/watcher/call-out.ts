/** One request to a URL that wants to hear that Shipmate lives. @throws Error unless it was answered with 2xx. */
export async function callOut(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { method: 'GET', redirect: 'follow', signal, headers: { 'user-agent': 'shipmate' } });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}
