import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = `http://127.0.0.1:${process.env['DAYBOOK_PORT'] || 3650}`;

export default defineConfig({
  root: path.join(import.meta.dirname, 'web'),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Browsers of the last two years know light-dark(); older targets would make every colour a pair of rules.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page is served under `script-src 'self'`: nothing inline, no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': {
        target: server,
        changeOrigin: true,
        ws: true,
        // The server refuses foreign origins, and the development server is one.
        configure: (proxy) => {
          proxy.on('proxyReq', (request) => request.setHeader('origin', server));
          proxy.on('proxyReqWs', (request) => request.setHeader('origin', server));
        },
      },
    },
  },
});
