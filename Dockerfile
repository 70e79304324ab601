# Channelwright in one image: server and built screens. Give it DATABASE_URL, CW_SECRET and CW_BASE_URL.
FROM node:24-bookworm-slim AS build
WORKDIR /app
RUN npm install --global pnpm@12.21.0
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY runtime/package.json runtime/
COPY server/package.json server/
COPY builder/package.json builder/
COPY tests/package.json tests/
RUN CI=true pnpm install --frozen-lockfile --filter '!@channelwright/tests'
COPY . .
RUN pnpm --filter @channelwright/runtime build && pnpm --filter @channelwright/builder build
RUN node -e "import('./server/boot/build-server.mjs').then(({ buildServer }) => buildServer('/app/server/dist/image'))"

FROM node:24-bookworm-slim AS packages
WORKDIR /app
RUN npm install --global pnpm@12.21.0
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY runtime/package.json runtime/
COPY server/package.json server/
RUN CI=true pnpm install --frozen-lockfile --prod --filter @channelwright/runtime --filter @channelwright/server

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production PORT=4000 CW_DATA_DIR=/data
COPY --from=packages /app ./
COPY runtime/src runtime/src
COPY server server
COPY templates templates
COPY --from=build /app/runtime/portal/dist runtime/portal/dist
COPY --from=build /app/builder/dist builder/dist
COPY --from=build /app/server/dist server/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD node -e "fetch('http://127.0.0.1:'+process.env.PORT+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
WORKDIR /app/server
# Node itself is the first process, so that it gets the signals of `docker stop`.
CMD ["node", "--enable-source-maps", "dist/image/main.js"]
