/** So many are remembered; whatever belonged to an older one has followed it long since. */
const MOST = 20_000;

/** Objects that were seen to be deleted: what they own may outlive them for a moment, and is nobody's trouble. */
export class GoneUids {
  readonly #uids = new Set<string>();

  add(uid: string): void {
    this.#uids.delete(uid);
    this.#uids.add(uid);
    if (this.#uids.size <= MOST) return;
    for (const oldest of this.#uids) {
      this.#uids.delete(oldest);
      break;
    }
  }

  has(uid: string): boolean {
    return this.#uids.has(uid);
  }
}
