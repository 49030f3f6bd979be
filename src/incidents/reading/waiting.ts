import type { Shared } from '../rule.ts';
import type { SeenEvent } from '../seen/surroundings.ts';

import { lastWords } from './exit-codes.ts';
import { type PullFailure, parseImage, pullFailure } from './images.ts';

/** What a waiting container says in one line, and what it may share with others. */
export interface WaitingText {
  readonly cause: string;
  /** Will not pass by itself. */
  readonly isCertain: boolean;
  readonly shares: Shared;
}

/**
 * Why an image cannot be had. In back-off the kubelet may say no more than "Back-off pulling image": the reason then stands in the event of
 * the failed pull only.
 */
export function imageText(
  image: string,
  waiting: { readonly reason: string; readonly message: string },
  events: readonly SeenEvent[],
  node: string | undefined,
): WaitingText {
  const { registry } = parseImage(image);
  if (waiting.reason === 'InvalidImageName')
    return { cause: `image "${image}" cannot be pulled: the name is not valid`, isCertain: true, shares: {} };
  if (waiting.reason === 'ErrImageNeverPull')
    return {
      cause: `image "${image}" is not on the node and imagePullPolicy is Never`,
      isCertain: true,
      shares: node === undefined ? {} : { node },
    };
  const failure = failureOf(image, waiting.message, events);
  const what = failure ? `: ${failure.what}` : '';
  return {
    cause: `image "${image}" cannot be pulled${what} (${registry})`,
    isCertain: failure?.isCertain ?? false,
    shares: { registry, ...(failure?.isNetwork && node !== undefined && { node }) },
  };
}

function failureOf(image: string, message: string, events: readonly SeenEvent[]): PullFailure | undefined {
  const told = pullFailure(withoutNames(message, image));
  if (told) return told;
  const event = events.find(({ reason, message: text }) => reason === 'Failed' && text.includes(image));
  return event && pullFailure(withoutNames(event.message, image));
}

/** The image's own name may hold any word, "not-found" or "policy" among them. */
function withoutNames(message: string, image: string): string {
  const { repository } = parseImage(image);
  return message
    .replaceAll(image, '')
    .replaceAll(repository, '')
    .replace(/"[^"]*"(?=: failed to)/g, '');
}

/** What is missing or wrong in the configuration, from the kubelet's waiting message. */
export function configText(waiting: { readonly reason: string; readonly message: string }): string {
  const { reason, message } = waiting;
  const missing = missingText(message);
  if (missing) return missing;
  const said = lastWords(
    message.replace(/^failed to (create|start) container.*?: /i, '').replace(/rpc error: code = \w+ desc = /g, ''),
  );
  return said ? `${CONFIG_WORDS[reason] ?? reason}: ${said}` : (CONFIG_WORDS[reason] ?? reason);
}

const CONFIG_WORDS: Readonly<Record<string, string>> = {
  CreateContainerConfigError: 'container configuration is wrong',
  CreateContainerError: 'container cannot be created',
  RunContainerError: 'container cannot be started',
  PreCreateHookError: 'pre-create hook fails',
  PreStartHookError: 'pre-start hook fails',
  PostStartHookError: 'postStart hook fails',
};

const KINDS: Readonly<Record<string, string>> = {
  secret: 'Secret',
  configmap: 'ConfigMap',
  serviceaccount: 'ServiceAccount',
  persistentvolumeclaim: 'PersistentVolumeClaim',
};

/** `Secret "db" is missing`, `key "url" is missing in ConfigMap shop/web`; undefined when the message is about something else. */
export function missingText(message: string): string | undefined {
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (\S+)/i.exec(message);
  if (key) return `key "${key[1]}" is missing in ${kindOf(key[2])} ${key[3]?.replace(/[.,;]$/, '')}`;
  const keys = /references non-existent (secret|config) key:? (\S+)/i.exec(message);
  if (keys) return `key "${keys[2]}" is missing in a ${keys[1]?.toLowerCase() === 'config' ? 'ConfigMap' : 'Secret'}`;
  const object =
    /\b(secrets?|configmaps?|serviceaccounts?|persistentvolumeclaims?) "([^"]+)" (?:not found|is forbidden)/i.exec(
      message,
    );
  if (object) return `${kindOf(object[1])} "${object[2]}" is missing`;
  const registered = /object "[^"]*"\/"([^"]+)" not registered/.exec(message);
  return registered ? `Secret or ConfigMap "${registered[1]}" is missing or not readable yet` : undefined;
}

function kindOf(word = ''): string {
  const singular = word.toLowerCase().replace(/s$/, '');
  return KINDS[singular] ?? word;
}
