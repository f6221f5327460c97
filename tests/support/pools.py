"""A worker without a process."""

from flows import shards
from flows.plan import Shard


class Here:
    """In the place of a worker process: reads in this one."""

    def extract(self, shard: Shard) -> shards.ShardSummary:
        return shards.extract_shard(shard)

    def close(self) -> None:
        pass
