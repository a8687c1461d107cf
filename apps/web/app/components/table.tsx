/** A column of a table. */
export interface Column<Row> {
  readonly key: string;
  readonly label: React.ReactNode;
  readonly cell: (row: Row) => React.ReactNode;
  /** Numbers stand at the end of their column. */
  readonly number?: boolean;
  /** The cell that names the row. One column has it. */
  readonly heads?: boolean;
}

interface TableProps<Row> {
  readonly caption: React.ReactNode;
  /** Hides the caption from sight where a heading says the same. */
  readonly captionHidden?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** Rows to compare. On a narrow screen it scrolls by itself, and the keyboard can scroll it. */
export function DataTable<Row>({ caption, captionHidden, columns, rows, rowKey }: TableProps<Row>) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className="table-scroll" tabIndex={0} role="group" aria-label={typeof caption === 'string' ? caption : undefined}>
      <table>
        <caption className={captionHidden ? 'visually-hidden' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, label, number }) => (
              <th key={key} scope="col" className={number ? 'number' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ key, cell, number, heads }) =>
                heads ? (
                  <th key={key} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={key} className={number ? 'number' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
