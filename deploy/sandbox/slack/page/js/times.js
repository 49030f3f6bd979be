/** Slack timestamps (`seconds.micros`) as people read them. */

const dateOf = (ts) => new Date(Number(ts) * 1000);

export const clock = (ts) => dateOf(ts).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
export const full = (ts) => dateOf(ts).toLocaleString('en', { dateStyle: 'full', timeStyle: 'medium', hour12: false });
export const iso = (ts) => dateOf(ts).toISOString();
export const dayKey = (ts) => dateOf(ts).toDateString();

export function dayName(ts) {
  const date = dateOf(ts);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return 'Today';
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return date.toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' });
}

export function size(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
