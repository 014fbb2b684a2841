# Build: the whole tool chain. Run: Node 24 and one file, without a shell, as a user without rights.
# The digests name indexes for all architectures. What is built is the same for each of them.
FROM --platform=$BUILDPLATFORM docker.io/library/node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --ignore-scripts
COPY tsconfig.json build.js ./
COPY src ./src
RUN node build.js

FROM gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a
WORKDIR /app
COPY --from=build /app/dist/main.js /app/dist/probe.js /app/dist/check.js ./dist/
COPY package.json ./
# One malloc arena: saves 6 MiB in a process with one busy thread.
ENV MALLOC_ARENA_MAX=1
USER 65532:65532
# Small heap steps: idle memory matters more than speed for a process that mostly waits.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=1", "--optimize-for-size", "--disable-warning=DEP0040", "dist/main.js"]
