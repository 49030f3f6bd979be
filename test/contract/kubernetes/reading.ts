import { beforeAll, expect, test } from 'vitest';
import { NotFoundError, PermissionError, UsageError } from '../../../src/errors.ts';
import { getTables } from '../../../src/kubernetes/get.ts';
import { layOut } from '../../../src/kubernetes/table.ts';
import { errorOf, type Ground } from './ground.ts';

export function readingContract(here: () => Ground): void {
  beforeAll(async () => {
    const { create, deployment } = here();
    await deployment('reader', 1);
    for (let n = 0; n < 7; n += 1) {
      await create('configmaps', {
        metadata: { name: `page-${n}`, labels: { parity: n % 2 === 0 ? 'even' : 'odd' } },
        data: { n: String(n) },
      });
    }
  });

  test('the server says which version it is', async () => {
    expect(await here().cluster.version()).toMatch(/^v1\.\d+/);
  });

  test('a short name means a resource with its subresources', async () => {
    const [deployments, ...others] = await here().cluster.resolve('deploy');

    expect(others).toEqual([]);
    expect(deployments).toMatchObject({ group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' });
    expect(deployments).toMatchObject({ namespaced: true, singular: 'deployment' });
    expect(deployments?.subresources).toEqual(expect.arrayContaining(['scale', 'status']));
    expect(deployments?.verbs).toEqual(expect.arrayContaining(['get', 'list', 'watch', 'patch', 'update']));
  });

  test('"all" is the workloads and services, not everything', async () => {
    const plurals = (await here().cluster.resolve('all')).map((resource) => resource.plural);

    expect(plurals).toEqual(
      expect.arrayContaining(['pods', 'services', 'deployments', 'replicasets', 'statefulsets', 'jobs']),
    );
    expect(plurals).not.toContain('configmaps');
    expect(plurals).not.toContain('secrets');
  });

  test('a word that means nothing is refused in kubectl’s words, with the nearest one', async () => {
    const error = await errorOf(here().cluster.resolve('deploymnets'));

    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.message).toBe('error: the server doesn\'t have a resource type "deploymnets"');
    expect((error as NotFoundError).hint).toContain('deployments');
  });

  test('an object that is not there is missed in kubectl’s words', async () => {
    const { cluster, namespace, resource } = here();
    const missing = async (type: string) =>
      (await errorOf(cluster.request({ resource: await resource(type), namespace, name: 'zz' }))).message;

    expect(await missing('deployments')).toBe('Error from server (NotFound): deployments.apps "zz" not found');
    expect(await missing('pods')).toBe('Error from server (NotFound): pods "zz" not found');
  });

  test('a long list comes in chunks that add up', async () => {
    const { cluster, namespace, resource } = here();
    const names: string[] = [];
    let token: string | undefined;
    let calls = 0;
    do {
      const page = await cluster.request<{ items: { metadata: { name: string } }[]; metadata: { continue?: string } }>({
        resource: await resource('configmaps'),
        namespace,
        query: { limit: '3', continue: token, labelSelector: 'parity' },
      });
      names.push(...page.items.map((item) => item.metadata.name));
      token = page.metadata.continue || undefined;
      calls += 1;
    } while (token !== undefined);

    expect(calls).toBe(3);
    expect(names).toEqual(Array.from({ length: 7 }, (_, n) => `page-${n}`));
  });

  test('selectors choose, by labels and by fields', async () => {
    const { cluster, namespace } = here();
    const names = async (selectors: { labelSelector?: string; fieldSelector?: string }) => {
      const got = await getTables(cluster, { words: ['configmaps'], namespace, ...selectors, now: 0 });
      return got.groups.flatMap(({ content }) => content.rows.map((row) => row.object.metadata.name));
    };

    expect(await names({ labelSelector: 'parity=odd' })).toEqual(['page-1', 'page-3', 'page-5']);
    expect(await names({ labelSelector: 'parity in (odd),parity!=even' })).toEqual(['page-1', 'page-3', 'page-5']);
    expect(await names({ labelSelector: 'parity,parity notin (odd)' })).toHaveLength(4);
    expect(await names({ fieldSelector: 'metadata.name=page-2' })).toEqual(['page-2']);
  });

  test('a selector that cannot be read is the asker’s to mend', async () => {
    const { cluster, namespace } = here();
    const query = { words: ['configmaps'], namespace, now: 0 };

    const byLabel = await errorOf(getTables(cluster, { ...query, labelSelector: 'a==b==c' }));
    const byField = await errorOf(getTables(cluster, { ...query, fieldSelector: 'data.n=1' }));

    expect(byLabel).toBeInstanceOf(UsageError);
    expect(byLabel.message).toMatch(/^Error from server \(BadRequest\): .+/);
    expect(byField).toBeInstanceOf(UsageError);
    expect(byField.message).toMatch(
      /^Error from server \(BadRequest\): .*field label not supported: data\.n|"data\.n" is not a known field selector/,
    );
  });

  test('tables have the columns that kubectl shows', async () => {
    const { cluster, namespace } = here();
    await expect.poll(async () => (await podRows(here())).length).toBe(1);
    const columns = async (type: string) => {
      const got = await getTables(cluster, { words: [type], namespace, now: 0 });
      const { columns: all } = layOut(got.groups[0]?.content ?? { columns: [], rows: [] }, {
        namespaces: false,
        labelColumns: [],
        labels: false,
      });
      return {
        shown: all.filter((one) => one.priority === 0).map((one) => one.name),
        wide: all.map((one) => one.name),
      };
    };

    const pods = await columns('pods');
    expect(pods.shown).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    expect(pods.wide).toEqual([...pods.shown, 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES']);
    const deployments = await columns('deployments');
    expect(deployments.shown).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE']);
    expect(deployments.wide).toEqual([...deployments.shown, 'CONTAINERS', 'IMAGES', 'SELECTOR']);
    expect((await columns('nodes')).shown).toEqual(['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION']);
    expect((await columns('configmaps')).shown).toEqual(['NAME', 'DATA', 'AGE']);
  });

  test('what is found is shown beside what is missing', async () => {
    const { cluster, namespace } = here();

    const got = await getTables(cluster, { words: ['cm/page-3', 'cm/nope', 'deploy/reader'], namespace, now: 0 });

    expect(got.isMixed).toBe(true);
    expect(got.groups.map(({ resource, content }) => [resource.plural, content.rows.length])).toEqual([
      ['configmaps', 1],
      ['deployments', 1],
    ]);
    expect(got.failures.map((failure) => failure.message)).toEqual([
      'Error from server (NotFound): configmaps "nope" not found',
    ]);
  });

  test('a right that is missing is named', async () => {
    const { contract, connect } = here();
    const { namespace } = contract.locked;

    const error = await errorOf(getTables(connect(contract.locked.kubeconfig), { words: ['pods'], namespace, now: 0 }));

    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toMatch(
      /^Error from server \(Forbidden\): pods is forbidden: User ".+" cannot list resource "pods" in API group ""/,
    );
  });

  test.each(['..', '.', '', 'a/b', '../secrets/x', 'x%2Fy', '\ud800'])(
    'a name such as %j never leaves the house',
    async (name) => {
      const { cluster, namespace, resource } = here();

      const error = await errorOf(cluster.request({ resource: await resource('pods'), namespace, name }));

      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toContain('invalid resource name');
    },
  );

  test.each(['p?watch=true', 'p#x', 'p x', 'p\nHost: evil', 'p;rm', '<!channel>', 'ünïcode'])(
    'a name such as %j stays one name for the server',
    async (name) => {
      const { cluster, namespace, resource } = here();

      const error = await errorOf(cluster.request({ resource: await resource('configmaps'), namespace, name }));

      expect(error).toBeInstanceOf(NotFoundError);
      expect(error.message).toContain(`configmaps ${JSON.stringify(name)} not found`);
    },
  );
}

async function podRows({ cluster, namespace }: Ground): Promise<readonly unknown[]> {
  const got = await getTables(cluster, { words: ['pods'], namespace, labelSelector: 'app=reader', now: 0 });
  return got.groups[0]?.content.rows ?? [];
}
