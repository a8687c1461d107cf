/// <reference types="vite/client" />
import type {} from 'react-router';

declare module 'react-router' {
  /** Loaders get the router's context provider, as react-router.config.mjs turns on. */
  interface Future {
    v8_middleware: true;
  }
}
