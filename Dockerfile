# Build: the whole tool chains. Run: Node 24 and four programs, without a shell, as a user without rights.
# The digests name indexes for all architectures. What is built is the same for each of them.
FROM --platform=$BUILDPLATFORM docker.io/library/node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --ignore-scripts
COPY tsconfig.json build.js ./
COPY src ./src
RUN node build.js

# The one program in Go: docs/decisions/0010-witness-in-go.md.
FROM --platform=$BUILDPLATFORM docker.io/library/golang:1.26-bookworm@sha256:b305420a68d0f229d91eb3b3ed9e519fcf2cf5461da4bef997bf927e8c0bfd2b AS witness
WORKDIR /app/witness
COPY witness/go.mod witness/go.sum ./
RUN go mod download
COPY witness ./
ARG TARGETARCH
RUN CGO_ENABLED=0 GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags='-s -w' -o /app/dist/witness .
# Without root, a program gets NET_RAW from its file only. The layer keeps it.
RUN go run ./capability /app/dist/witness

FROM gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a
WORKDIR /app
COPY --from=build /app/dist/main.js /app/dist/probe.js /app/dist/check.js ./dist/
COPY --from=witness /app/dist/witness ./dist/
COPY package.json ./
# One malloc arena: saves 6 MiB in a process with one busy thread.
ENV MALLOC_ARENA_MAX=1
USER 65532:65532
# Small heap steps: idle memory matters more than speed for a process that mostly waits.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=1", "--optimize-for-size", "--disable-warning=DEP0040", "dist/main.js"]
