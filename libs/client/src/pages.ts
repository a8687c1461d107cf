/** A page of a list. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** Every item of a list, page after page; `page` gets a page by its cursor. */
export async function* pagesOf<Item>(
  page: (cursor: string | undefined) => Promise<{ readonly body: Listed<Item> }>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined;
  do {
    const { body } = await page(cursor);
    yield* body.items;
    // A server that names the same place again would keep us for ever.
    if (body.next !== undefined && body.next === cursor) throw new Error(`The list does not go on after the cursor ${cursor}.`);
    cursor = body.next;
  } while (cursor !== undefined);
}
