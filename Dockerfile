# The program from its checkout, as `make install` has it. It fetches nothing when it runs.
#
#   docker build --tag gateways .
#
# Nothing is installed whose checksum is not in locks/. Where an index of packages gives torch with its
# GPU libraries (several GB), name one that has it for CPUs alone: --build-arg TORCH_INDEX=ADDRESS.
# Retraining takes --build-arg EXTRAS=postgresql,train
FROM python:3.11-slim AS build
ARG TORCH_INDEX=
ARG EXTRAS=postgresql
WORKDIR /app
RUN python -m venv .venv
ENV PATH=/app/.venv/bin:$PATH PIP_NO_CACHE_DIR=1
COPY locks ./locks
RUN pip install --quiet --no-deps --require-hashes ${TORCH_INDEX:+--index-url $TORCH_INDEX} \
    --requirement locks/torch.txt
RUN pip install --quiet --no-deps --require-hashes --requirement locks/run.txt \
    $(for extra in $(echo "$EXTRAS" | tr , ' '); do echo "--requirement locks/$extra.txt"; done)
# What a build of torch for GPUs asks for, where it is one.
RUN pip install --quiet "$(grep -o '^torch==[^ ]*' locks/torch.txt)"
COPY pyproject.toml README.md LICENSE ./
COPY gateways.py ./
COPY data ./data
COPY models ./models
COPY evaluation ./evaluation
COPY training ./training
COPY service ./service
RUN pip install --quiet --no-deps --no-build-isolation --editable .
# Nothing is written to the image when it runs.
RUN python -m compileall -q gateways.py data models evaluation training service

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home gateways \
 && install --directory --owner=gateways --group=gateways /home/gateways-home
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    HOME=/tmp \
    HF_HUB_OFFLINE=1 \
    TOKENIZERS_PARALLELISM=false \
    PYTHONDONTWRITEBYTECODE=1 \
    GATEWAYS_HOME=/home/gateways-home \
    GATEWAYS_HOST=0.0.0.0
VOLUME /home/gateways-home
USER 10001
EXPOSE 8000
ENTRYPOINT ["gateways"]
CMD ["serve"]
