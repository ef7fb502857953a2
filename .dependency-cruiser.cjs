// The layers of the house. Type-only imports count: a type that crosses a layer couples it as surely as a call does.
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } })

const uiPackages = [
  '@codemirror/[^/]+',
  '@dagrejs/dagre',
  '@fontsource-variable/[^/]+',
  '@lezer/[^/]+',
  '@mantine/[^/]+',
  '@orpc/client',
  '@tabler/icons-react',
  '@tanstack/react-query',
  '@xyflow/react',
  'ag-grid-[^/]+',
  'react(-dom)?',
  'sql-formatter',
  'zod',
  'zustand',
]

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    rule(
      'shared-is-pure',
      '^shared/',
      '^(src-main|src-renderer|tests|node:)',
      'shared imports zod, the contract builder and itself',
    ),
    {
      name: 'shared-imports-only-zod',
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: 'node_modules/(zod|@orpc/contract)/',
      },
    },
    rule('main-never-imports-screen', '^src-main/', '^src-renderer/', 'the engine does not know the screen'),
    rule('screen-never-imports-main', '^src-renderer/', '^src-main/', 'the screen speaks through the contract'),
    {
      name: 'screen-imports-ui-packages-only',
      severity: 'error',
      comment: 'no Node and no driver in the page',
      from: { path: '^src-renderer/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: `node_modules/(${uiPackages.join('|')})/`,
      },
    },
    rule(
      'engine-below-services',
      '^src-main/engine/',
      '^src-main/(store|services|hosts)/',
      'engine knows shared and the dialect interface',
    ),
    {
      name: 'engine-sees-dialect-interface-only',
      severity: 'error',
      from: { path: '^src-main/engine/' },
      to: { path: '^src-main/dialects/', pathNot: '^src-main/dialects/dialect\\.ts$' },
    },
    {
      name: 'only-the-list-of-dialects-imports-them',
      severity: 'error',
      from: { path: '^src-main/dialects/[^/]+$', pathNot: '^src-main/dialects/index\\.ts$' },
      to: { path: '^src-main/dialects/[^/]+/' },
    },
    rule(
      'dialects-stand-alone',
      '^src-main/dialects/',
      '^src-main/(engine|store|services|hosts)/',
      'a dialect knows shared only',
    ),
    {
      name: 'dialects-apart',
      severity: 'error',
      comment: 'server/ is no dialect: it holds what databases behind a network share, and imports none of them',
      from: { path: '^src-main/dialects/([^/]+)/' },
      to: { path: '^src-main/dialects/([^/]+)/', pathNot: '^src-main/dialects/($1|server)/' },
    },
    rule(
      'store-stands-alone',
      '^src-main/store/',
      '^src-main/(engine|dialects|services|hosts)/',
      'the store knows shared only',
    ),
    rule('services-below-hosts', '^src-main/services/', '^src-main/hosts/', 'a host uses services, never the reverse'),
    {
      name: 'only-the-electron-host-imports-electron',
      severity: 'error',
      from: { pathNot: '^(src-main/hosts/electron|tests/electron)/' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'nothing-imports-the-electron-host',
      severity: 'error',
      comment: 'it would bring electron along',
      from: { path: '^src-main/', pathNot: '^src-main/hosts/electron/' },
      to: { path: '^src-main/hosts/electron/' },
    },
    {
      name: 'only-canvas-imports-react-flow',
      severity: 'error',
      from: { pathNot: '^src-renderer/canvas/' },
      to: { path: 'node_modules/@xyflow/' },
    },
    { name: 'no-test-imports', severity: 'error', from: { path: '^(src-|shared)' }, to: { path: '^tests/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.json'],
    },
  },
}
