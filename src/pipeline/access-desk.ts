import type { Access } from '../access/access.ts';
import type { Audit } from '../access/audit/audit.ts';
import type { Asked } from '../access/policy/asked.ts';
import type { Claims } from '../access/policy/claim.ts';
import { asShipmateError, NotFoundError, PermissionError } from '../errors.ts';
import type { Shelf } from '../jobs/queues.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../time.ts';
import { anywhere, askedOf } from './asked.ts';
import { reviewInClusters, withVerbs } from './cluster-rights.ts';
import { because, decisionsOf } from './decisions.ts';
import type { AccessDesk, AnyChange, AnyCommand, CanI, CommandContext } from './definition.ts';
import { parseLine } from './parse.ts';
import type { Registry } from './registry.ts';

export interface DeskDeps {
  readonly access: Access;
  readonly claims: Claims;
  readonly registry: Registry;
  readonly shelf: Shelf;
  readonly log: Logger;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Answers questions about rights with the very functions that decide. */
export function accessDesk(deps: DeskDeps): AccessDesk {
  const { access, claims, registry, shelf, log, audit, clock } = deps;
  return {
    async canI(words, context) {
      const parsed = parseLine(
        words.map((text) => ({ text })),
        registry,
      );
      if (parsed.kind === 'help')
        return { shown: words.join(' '), allowed: true, because: 'help is for everybody', asked: [], planned: false };
      const { command, args, shown } = parsed;
      const { person, channel } = context;
      const mayAtAll = access.may(person, command.permission);
      const asked = mayAtAll ? await askedOf(command, args, context) : anywhere(command);
      let judgement = await access.judge(person, asked, { channel });
      const isLimited = judgement.allowed && command.risk !== 'read' && command.facts !== undefined;
      if (isLimited) {
        const facts = await factsOf(command as AnyChange, args, context);
        judgement = await access.judge(person, asked, { channel, facts });
      }
      const ours = judgement.allowed ? undefined : access.refusal(person, judgement);
      const theirs = ours ? undefined : await refusedByCluster(access, command, asked, context);
      const refusal = ours ?? theirs;
      return {
        shown,
        allowed: refusal === undefined,
        because: theirs ? `the cluster: ${theirs.message}` : because(judgement),
        asked,
        refusal: refusal && { message: refusal.message, hint: refusal.hint },
        planned: isLimited,
      } satisfies CanI;
    },
    async why(id, asker) {
      const notes = await decisionsOf(shelf, id);
      if (notes.length === 0)
        throw new NotFoundError(`No decision is kept under "${id}".`, {
          hint: 'They are kept for 24 hours. The id stands at the end of every answer.',
        });
      const isOwn = notes.some(({ person }) => person.user === asker.user && person.team === asker.team);
      if (!isOwn && !access.isAdministrator(asker) && !access.may(asker, 'shipmate:admin'))
        throw new PermissionError('This was somebody else’s command.', {
          hint: 'Those who asked can see why, and so can administrators (permission shipmate:admin).',
        });
      return notes;
    },
    async claim(code, asker) {
      const home = await access.judge(asker, [{ permission: undefined }]);
      if (!home.allowed) throw access.refusal(asker, home);
      if (!access.isUnclaimed())
        throw new PermissionError('Shipmate has its administrators already.', {
          hint: 'Ask one of them; `/shipmate whoami` shows what you may do.',
        });
      const step = (type: string, result?: string) =>
        audit.append({ type, at: clock(), who: asker, command: 'shipmate claim', result });
      // As with every effect: what cannot be recorded is not done.
      await step('intent');
      await claims.claim(code, asker).catch(async (error: unknown) => {
        await step('outcome', asShipmateError(error).code);
        throw error;
      });
      await step('outcome', 'succeeded');
      log.warn({ team: asker.team, user: asker.user }, 'Shipmate was claimed; this person is its administrator now');
    },
  };
}

/** What the cluster itself has against it, where the config asks it, too. */
async function refusedByCluster(
  access: Access,
  command: AnyCommand,
  asked: readonly Asked[],
  { person, clusters }: CommandContext,
): Promise<PermissionError | undefined> {
  try {
    await reviewInClusters({ access, clusters }, person, withVerbs(command, asked));
    return undefined;
  } catch (error) {
    if (error instanceof PermissionError) return error;
    throw error;
  }
}

async function factsOf(command: AnyChange, args: Record<string, unknown>, context: CommandContext) {
  const plan = await command.plan(args, context);
  return 'nothingToDo' in plan ? undefined : command.facts?.(plan);
}
