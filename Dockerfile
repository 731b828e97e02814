FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG COMMIT=unknown
# "make build" runs this very line, so keep it one line.
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" -o bin/nashr ./cmd/nashr
RUN mkdir /data

# Nothing but the binary, CA certificates, and two folders that it may write to.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/nashr /usr/local/bin/nashr
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /data /tmp
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV NASHR_LISTEN=0.0.0.0:8080 \
    NASHR_DATABASE_URL=sqlite:/data/nashr.db
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["/usr/local/bin/nashr", "health"]
ENTRYPOINT ["/usr/local/bin/nashr"]
CMD ["serve"]
