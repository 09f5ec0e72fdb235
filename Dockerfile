# The chat, in one image for web, worker, beat and migrate. Alone it runs embedded, as one process
# with its data in /data; docker-compose.yml gives it servers.
ARG PYTHON=3.13.15-slim-bookworm

FROM python:${PYTHON} AS build
RUN python -m venv --without-pip /opt/venv
COPY requirements.txt constraints.txt /build/
RUN pip --python /opt/venv/bin/python install --no-cache-dir -r /build/requirements.txt
COPY . /srv/chat
# Compiled here, since nobody may write there later.
RUN python -m compileall -q /srv/chat && chmod -R u=rwX,go=rX /srv/chat /opt/venv

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="P2P Chat" \
      org.opencontainers.image.description="A self-hosted chat for a household or a team" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later"
RUN groupadd --gid 10001 chat \
 && useradd --uid 10001 --gid chat --no-create-home --home-dir /tmp --shell /usr/sbin/nologin chat \
 && install --directory --owner chat --group chat --mode 700 /data /downloads
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/chat /srv/chat
WORKDIR /srv/chat
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
    CMD ["deploy/healthy", "web"]
CMD ["deploy/web"]
