import { currentStructure, type WriteOptions } from '@duban/application';
import type { Structure } from '@duban/domain';
import type { z } from 'zod';
import { idempotencyOf, ifMatchOf } from './conditions.ts';
import { type Answer, type Endpoint, type Exchange, endpoint } from './endpoint.ts';
import { References } from './references.ts';

/** What a body is read with. */
export interface Reading {
  readonly structure: Structure;
  readonly references: References;
  /** The number in the path; 0 where there is none. */
  readonly number: number;
}

/** How one kind of item takes commands and answers them. */
export interface CommandedKind<Command, A extends z.ZodType> {
  readonly answer: A;
  readonly params: z.ZodType<{ readonly id: string; readonly n?: number | undefined }>;
  /** @throws the problem a stranger hears */
  mayRead(exchange: Exchange, id: string): Promise<unknown>;
  carryOut(exchange: Exchange, id: string, command: Command, options: WriteOptions): Promise<Answer<z.input<A>>>;
}

/** Makes operations of one kind of item: parse, translate names and dates, decide, answer the item. */
export function commandsOf<Command, A extends z.ZodType>(kind: CommandedKind<Command, A>) {
  return <B extends z.ZodType>(
    operationId: string,
    summary: string,
    body: B,
    commandFor: (body: z.output<B>, reading: Reading) => Command,
    params: CommandedKind<Command, A>['params'] = kind.params,
  ): Endpoint =>
    endpoint({
      ...{ operationId, summary, params, body },
      answer: kind.answer,
      conditional: true,
      idempotent: true,
      async handle(input, exchange) {
        const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
        const { structure } = await currentStructure(exchange.deps, exchange.caller);
        const references = new References(structure);
        const { id, n = 0 } = input.params;
        const wanted = commandFor(input.body as z.output<B>, { structure, references, number: n });
        // Names are resolved for those only who may know of the item: a stranger hears 404 first.
        if (references.faults.length > 0) await kind.mayRead(exchange, id);
        references.check();
        return kind.carryOut(exchange, id, wanted, options);
      },
    });
}
