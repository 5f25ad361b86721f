"""Real PostgreSQL and Valkey out of wheels, for whoever gives no address of their own.

One state directory (`EMBEDDED_DIR`, by default `.embedded` in the project) is one pair of servers.
Every process that uses them holds a shared lock; a keeper, a process of its own, owns the servers
and stops them when nobody holds the lock any more, however the last user ended. The names of the
locks and sockets are the agreement between versions of this code: they stay as they are.

Pure standard library: this runs before Django and imports nothing that is installed.
"""

from config.embedded.addresses import (
    database_url as database_url,
)
from config.embedded.addresses import (
    eraser_url as eraser_url,
)
from config.embedded.addresses import (
    owner_url as owner_url,
)
from config.embedded.addresses import (
    redis_client_url as redis_client_url,
)
from config.embedded.addresses import (
    redis_url as redis_url,
)
from config.embedded.joining import start_unless_given as start_unless_given
from config.embedded.joining import stop as stop
from config.embedded.places import Unavailable as Unavailable
from config.embedded.places import directory as directory
from config.embedded.secrets import secret as secret
from config.embedded.wheels import tool as tool
