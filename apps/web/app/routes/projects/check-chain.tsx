import { createClient, exportStream, verifyStream, type ExportedStream, type StreamVerdict } from '@concord/client';
import { useEffect, useState } from 'react';
import { useT } from '../../facts.js';

type Outcome =
  | { readonly kind: 'checked'; readonly verdict: StreamVerdict; readonly sameHead: boolean }
  | { readonly kind: 'failed' | 'insecure' };

const isExport = (given: unknown): given is ExportedStream =>
  typeof given === 'object' && given !== null && Array.isArray((given as ExportedStream).events);

/** Lets the reader's own browser recompute a chain: of what the server sends now, or of a file kept elsewhere. Appears once its script runs. */
export function CheckChain({ plural, id, head }: { plural: string; id: string; head: string }) {
  const t = useT();
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => setReady(true), []);
  if (!ready) return <p className="hint">{t('projects:integrity.noScript')}</p>;
  const check = async (read: () => Promise<unknown>) => {
    setBusy(true);
    setOutcome(undefined);
    setOutcome(await outcomeOf(read, head));
    setBusy(false);
  };
  const fromServer = () => exportStream(createClient({ baseUrl: globalThis.location.origin }), plural, id);
  return (
    <div className="check-chain">
      <p className="actions">
        <button type="button" disabled={busy} onClick={() => void check(fromServer)}>
          {t('projects:integrity.check')}
        </button>
      </p>
      <div className="field">
        <label htmlFor="own-copy">{t('projects:integrity.own')}</label>
        <input
          id="own-copy"
          type="file"
          accept="application/json,.json"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) void check(async () => JSON.parse(await file.text()) as unknown);
          }}
        />
      </div>
      <div role="status">{outcome === undefined ? null : <Told outcome={outcome} />}</div>
    </div>
  );
}

async function outcomeOf(read: () => Promise<unknown>, head: string): Promise<Outcome> {
  // Browsers hash only on pages that came over HTTPS or from this machine.
  if (!globalThis.isSecureContext) return { kind: 'insecure' };
  try {
    const exported = await read();
    if (!isExport(exported)) return { kind: 'failed' };
    const verdict = await verifyStream(exported);
    return { kind: 'checked', verdict, sameHead: verdict.head === head };
  } catch {
    return { kind: 'failed' };
  }
}

function Told({ outcome }: { outcome: Outcome }) {
  const t = useT();
  if (outcome.kind !== 'checked') return <p className="notice warning">{t(`projects:integrity.${outcome.kind}`)}</p>;
  const { verdict, sameHead } = outcome;
  const whole = verdict.intact && sameHead;
  return (
    <div className={`notice ${whole ? 'success' : 'warning'}`}>
      <p className="notice-title">
        {verdict.intact
          ? t('projects:integrity.whole', { count: verdict.events })
          : t('projects:integrity.broken', { count: verdict.faults.length })}
      </p>
      {verdict.faults.length === 0 ? null : (
        <ul>
          {verdict.faults.slice(0, 20).map(({ version, fault }, index) => (
            <li key={index}>{t(`projects:integrity.fault.${fault}`, { version })}</li>
          ))}
        </ul>
      )}
      <p>{sameHead ? t('projects:integrity.sameHead') : t('projects:integrity.otherHead')}</p>
      <p>
        <code dir="ltr">{verdict.head}</code>
      </p>
    </div>
  );
}
