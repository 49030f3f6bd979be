import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { ClusterConfig } from '../config/file.ts';
import { UnavailableError, UsageError } from '../errors.ts';
import { HttpMethod, KubeConfig, RequestContext } from './kube-config.ts';

/** What a request needs to be believed: headers, and the connections made with the right certificates. */
export interface Authorized {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** How long TLS material and tokens are used before the kubeconfig's authenticators are asked again. They have their own caches too. */
const FRESH_MS = 20_000;

/**
 * One cluster's address and credentials, from a kubeconfig context or from the pod's own service account.
 *
 * client-node's KubeConfig knows the ways to authenticate (tokens, client certificates, exec plugins, service account tokens that are
 * rotated on disk); we take its answer and keep the connections ourselves, so that they live across calls.
 */
export class Credentials {
  readonly server: string;
  readonly context: string;
  readonly namespace: string | undefined;
  readonly #cluster: string;
  readonly #load: () => KubeConfig;
  readonly #now: () => number;
  #config: KubeConfig;
  #current: { authorized: Authorized; material: string; at: number } | undefined;
  #asking: Promise<Authorized> | undefined;

  /** @throws UsageError when the kubeconfig or its context cannot be used. */
  constructor(cluster: string, load: () => KubeConfig, now: () => number) {
    this.#cluster = cluster;
    this.#load = load;
    this.#now = now;
    this.#config = load();
    this.context = this.#config.getCurrentContext();
    this.namespace = this.#config.getContextObject(this.context)?.namespace;
    this.server = (this.#config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  }

  /** @throws UnavailableError when an exec plugin or token file fails. */
  authorize(): Promise<Authorized> {
    if (this.#current && this.#now() - this.#current.at < FRESH_MS) return Promise.resolve(this.#current.authorized);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Forgets everything learnt, after a 401: a token may have been rotated, a kubeconfig rewritten. */
  renew(): void {
    this.#current = undefined;
    try {
      this.#config = this.#load();
    } catch {
      // The file is being rewritten or is gone; what was loaded before is the best we have.
    }
  }

  async close(): Promise<void> {
    await this.#current?.authorized.dispatcher.destroy();
  }

  async #ask(): Promise<Authorized> {
    const options: RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new UnavailableError(`Shipmate could not get its credentials for cluster ${this.#cluster}.`, {
        hint: 'Check the user of this context in the kubeconfig: its exec plugin, token file or certificates.',
        cause: error,
      });
    }
    const headers = Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name, `${value}`]),
    );
    if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const material = materialOf(options);
    // The same certificates keep their connections; new ones replace them, and calls in flight on the old ones may finish.
    const kept = this.#current?.material === material ? this.#current.authorized.dispatcher : undefined;
    const authorized = { headers, dispatcher: kept ?? (await this.#connect(options)) };
    if (!kept) void this.#current?.authorized.dispatcher.close();
    this.#current = { authorized, material, at: this.#now() };
    return authorized;
  }

  async #connect(options: RequestOptions): Promise<Dispatcher> {
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const wanted = this.#config.createDispatcherOptions(this.#config.getCurrentCluster(), tls);
    if (wanted.type === 'socks') {
      const request = new RequestContext(this.server, HttpMethod.GET);
      await this.#config.applySecurityAuthentication(request);
      const dispatcher = request.getDispatcher();
      if (dispatcher) return dispatcher as unknown as Dispatcher;
    }
    // HTTP/1.1: over HTTP/2 one half-open connection would hold every call to the cluster.
    if (wanted.type === 'proxy')
      return new ProxyAgent({
        uri: wanted.uri,
        requestTls: wanted.requestTls,
        connect: wanted.connect,
        allowH2: false,
      });
    const connect = wanted.type === 'agent' ? wanted.connect : {};
    return new Agent({ connect: { ...connect, timeout: 5_000 }, keepAliveTimeout: 30_000, allowH2: false });
  }
}

/**
 * Where a cluster's kubeconfig comes from.
 * @param kubeconfig `KUBECONFIG`, possibly several paths.
 * @throws UsageError naming the file and what is wrong with it.
 */
export function kubeConfigLoader(
  alias: string,
  config: ClusterConfig,
  kubeconfig: string | undefined,
): () => KubeConfig {
  return () => {
    const loaded = new KubeConfig();
    if (config.inCluster) {
      loaded.loadFromCluster();
      if (loaded.getCurrentCluster()?.server.includes('undefined'))
        throw new UsageError(`clusters.${alias}: inCluster is set, but Shipmate does not run in a pod here.`, {
          hint: 'Leave inCluster out and name a kubeconfig.',
        });
    }
    if (!config.inCluster)
      loadFiles(loaded, alias, config.kubeconfig ?? kubeconfig ?? join(homedir(), '.kube', 'config'));
    if (config.context !== undefined) loaded.setCurrentContext(config.context);
    return checked(loaded, alias);
  };
}

function loadFiles(into: KubeConfig, alias: string, paths: string): void {
  for (const [index, path] of paths.split(delimiter).filter(Boolean).entries()) {
    try {
      if (index === 0) into.loadFromFile(path);
      else {
        const more = new KubeConfig();
        more.loadFromFile(path);
        into.mergeConfig(more, true);
      }
    } catch (error) {
      const why =
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
      throw new UsageError(`clusters.${alias}: the kubeconfig ${path} cannot be read: ${firstLine(why)}.`, {
        hint: 'Set clusters.<alias>.kubeconfig in shipmate.yaml, or KUBECONFIG.',
        cause: error,
      });
    }
  }
}

/** The same config with a usable current context: `http://` allowed, and a user even where the context names none. */
function checked(loaded: KubeConfig, alias: string): KubeConfig {
  const context = loaded.getContextObject(loaded.getCurrentContext());
  if (!context) {
    const names = loaded.getContexts().map((known) => known.name);
    throw new UsageError(`clusters.${alias}: the kubeconfig has no context "${loaded.getCurrentContext() ?? ''}".`, {
      hint: names.length === 0 ? 'It has no contexts at all.' : `It has: ${names.join(', ')}.`,
    });
  }
  const cluster = loaded.getCluster(context.cluster);
  if (!cluster || !/^https?:\/\//.test(cluster.server))
    throw new UsageError(`clusters.${alias}: context "${context.name}" has no usable cluster server.`, {
      hint: 'Its cluster needs server: https://… (or http://…).',
    });
  const user = loaded.getUser(context.user) ?? { name: context.user ?? 'anonymous' };
  const isPlain = cluster.server.startsWith('http://');
  const usable = new KubeConfig();
  usable.loadFromOptions({
    clusters: [isPlain ? { ...cluster, skipTLSVerify: true } : cluster],
    users: [user],
    contexts: [{ ...context, user: user.name }],
    currentContext: context.name,
  });
  return usable;
}

function materialOf({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }: RequestOptions): string {
  const hash = createHash('sha256');
  for (const part of [ca, cert, key, pfx, passphrase, rejectUnauthorized, servername]) hash.update(`${part};`);
  return hash.digest('hex');
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] as string).replace(/\.$/, '');
}
