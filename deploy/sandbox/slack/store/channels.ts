import type { ChannelState } from '../protocol.ts';
import type { World } from '../world.ts';
import { slackId } from './ids.ts';
import type { People, Person } from './people.ts';

export interface Bookmark {
  readonly id: string;
  title: string;
  link: string;
  emoji?: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelState['kind'];
  topic: string;
  purpose: string;
  isArchived: boolean;
  isExtShared: boolean;
  /** Everybody in it, the bot's user too. */
  readonly members: Set<string>;
  readonly bookmarks: Bookmark[];
  /** Epoch seconds. */
  readonly created: number;
}

export class Channels {
  readonly #byId = new Map<string, Channel>();
  readonly #byName = new Map<string, Channel>();
  readonly #direct = new Map<string, Channel>();
  readonly #people: People;
  readonly #created: number;
  readonly botUserId: string;

  constructor(world: World, people: People, now: number) {
    this.#people = people;
    this.#created = Math.floor(now / 1_000);
    this.botUserId = world.app.botUserId;
    for (const seed of world.channels) {
      this.#add({
        ...this.#blank(seed.id, seed.name, seed.isPrivate ? 'private' : 'channel', seed.members),
        topic: seed.topic ?? '',
        purpose: seed.purpose ?? '',
        isArchived: seed.isArchived ?? false,
        isExtShared: seed.isExtShared ?? false,
      });
      if (seed.botIsMember) this.#byId.get(seed.id)?.members.add(world.app.botUserId);
    }
  }

  get(id: string): Channel | undefined {
    return this.#byId.get(id);
  }

  all(): Channel[] {
    return [...this.#byId.values()];
  }

  /** As people name it: an id, `ops`, `#ops`; or `@handle` and a person's id for the direct message between them and `viewer`. */
  named(name: string, viewer: Person): Channel | undefined {
    const known = this.#byId.get(name) ?? this.#byName.get(name.replace(/^#/, ''));
    if (known !== undefined) return known;
    const other = name.startsWith('@') || name.startsWith('U') ? this.#people.find(name) : undefined;
    return other === undefined ? undefined : this.direct([viewer.id, other.id]);
  }

  /** The direct conversation of exactly these people; made when there is none. */
  direct(members: readonly string[]): Channel {
    const key = [...new Set(members)].sort().join(',');
    const existing = this.#direct.get(key);
    if (existing !== undefined) return existing;
    const unique = [...new Set(members)];
    const isGroup = unique.length > 2;
    const names = unique.map((id) => this.#people.find(id)?.name ?? id);
    const name = isGroup ? `mpdm-${names.join('--')}-1` : '';
    const channel = this.#blank(slackId(isGroup ? 'C' : 'D'), name, isGroup ? 'mpim' : 'im', unique);
    this.#direct.set(key, channel);
    this.#add(channel);
    return channel;
  }

  isBotIn(channel: Channel): boolean {
    return channel.members.has(this.botUserId);
  }

  /** Public channels can be read by every full member; everything else, and every guest and stranger, needs membership. */
  canRead(person: Person, channel: Channel): boolean {
    if (channel.members.has(person.id)) return true;
    return channel.kind === 'channel' && !person.isGuest && !person.isStranger;
  }

  /** The other side of a direct message. */
  otherSide(channel: Channel, viewer: string): Person | undefined {
    const other = [...channel.members].find((id) => id !== viewer) ?? viewer;
    return this.#people.find(other);
  }

  state(channel: Channel, viewer: Person | undefined, latest: string | undefined): ChannelState {
    const name = channel.kind === 'im' ? (this.otherSide(channel, viewer?.id ?? '')?.name ?? '') : channel.name;
    return {
      id: channel.id,
      name,
      kind: channel.kind,
      topic: channel.topic,
      purpose: channel.purpose,
      members: [...channel.members],
      botIsMember: this.isBotIn(channel),
      isArchived: channel.isArchived,
      isExtShared: channel.isExtShared,
      bookmarks: channel.bookmarks.map((bookmark) => ({ ...bookmark })),
      ...(latest === undefined ? {} : { latest }),
    };
  }

  #blank(id: string, name: string, kind: Channel['kind'], members: readonly string[]): Channel {
    return {
      id,
      name,
      kind,
      topic: '',
      purpose: '',
      isArchived: false,
      isExtShared: false,
      members: new Set(members),
      bookmarks: [],
      created: this.#created,
    };
  }

  #add(channel: Channel): void {
    this.#byId.set(channel.id, channel);
    if (channel.kind === 'channel' || channel.kind === 'private') this.#byName.set(channel.name, channel);
  }
}

/** The `channel` object of `conversations.*`, as the bot sees it. */
export function conversationObject(channel: Channel, botUserId: string): Record<string, unknown> {
  const isDirect = channel.kind === 'im';
  return {
    id: channel.id,
    created: channel.created,
    is_archived: channel.isArchived,
    is_im: isDirect,
    is_mpim: channel.kind === 'mpim',
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_private: channel.kind !== 'channel',
    is_general: false,
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    is_member: channel.members.has(botUserId),
    num_members: channel.members.size,
    ...(isDirect
      ? { user: [...channel.members].find((id) => id !== botUserId) }
      : {
          name: channel.name,
          name_normalized: channel.name,
          topic: { value: channel.topic, creator: '', last_set: 0 },
          purpose: { value: channel.purpose, creator: '', last_set: 0 },
        }),
  };
}
