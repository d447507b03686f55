"""What becomes of cases when two accounts of one person are joined."""

from cps.accounts import joins
from cps.cases import services
from cps.cases.models import Case, Draft, Follow, Support

joins.moves(services.hand_over)
joins.carries(Case.reporter_id, Draft.account_id, Follow.account_id, Support.account_id)
