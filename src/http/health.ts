import { api } from './context.ts';

export const healthHandler = api.health.handler(({ context }) => context.health());
