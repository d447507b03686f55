"""What becomes of the errands of partners when accounts are joined."""

from cps.accounts import joins
from cps.partners.models import PartnerLink

joins.carries(PartnerLink.asked_by_id)
