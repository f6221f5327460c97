"""Names of parties that look like one body: found, shown together, and given one name."""

from review.bodies.clusters import Cluster, clusters
from review.bodies.known import Known, Variant, known_in

__all__ = ["Cluster", "Known", "Variant", "clusters", "known_in"]
