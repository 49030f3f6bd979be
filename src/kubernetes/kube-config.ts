import { registerHooks } from 'node:module';

/**
 * client-node's `KubeConfig` without the API client that is generated for every kind of Kubernetes. Importing that costs 55 MB and a third of
 * a second, and KubeConfig needs it for one method only, `makeApiClient`, which we never call: requests go over our own transport. Should
 * client-node one day be laid out otherwise, nothing is left out, and it works as before.
 */
const UNUSED = './gen/index.js';
const WHO = '/@kubernetes/client-node/dist/config.js';
const INSTEAD = 'data:text/javascript,export const createConfiguration = undefined, ServerConfiguration = undefined;';

const hooks = registerHooks({
  resolve: (specifier, context, next) =>
    specifier === UNUSED && context.parentURL?.endsWith(WHO)
      ? { url: INSTEAD, shortCircuit: true }
      : next(specifier, context),
});
const config = await import('@kubernetes/client-node/dist/config.js');
hooks.deregister();
const http = await import('@kubernetes/client-node/dist/gen/http/http.js');

export const { KubeConfig } = config;
export type KubeConfig = InstanceType<typeof KubeConfig>;
export const { HttpMethod, RequestContext } = http;
