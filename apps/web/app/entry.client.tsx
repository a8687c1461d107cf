import i18next from 'i18next';
import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { HydratedRouter } from 'react-router/dom';
import { FactsProvider, type Facts, type Translate } from './facts.js';

/** What entry.server.tsx wrote into the page for its scripts. */
interface Sent {
  readonly facts: Facts;
  readonly texts: Record<string, Record<string, string>>;
}

const source = document.getElementById('facts')?.textContent;
if (source) {
  const { facts, texts } = JSON.parse(source) as Sent;
  const instance = i18next.createInstance();
  void instance.init({
    lng: facts.locale,
    resources: { [facts.locale]: texts },
    initAsync: false,
    showSupportNotice: false,
    interpolation: { escapeValue: false },
  } as never);
  const t = instance.t as unknown as Translate;
  startTransition(() => {
    hydrateRoot(
      document,
      <FactsProvider value={{ ...facts, t, sent: source }}>
        <HydratedRouter />
      </FactsProvider>,
    );
  });
}
