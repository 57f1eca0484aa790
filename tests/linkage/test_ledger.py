import base64
from hashlib import blake2b

from linkage.ledger import Past


def test_a_token_is_the_keyed_hash_of_its_text_in_base_32():
    past, texts = Past("2026-10", b"secret"), ["12 High Street", "", "é"]
    digests = [blake2b(f"dwelling|{text}".encode(), key=b"secret", digest_size=10).digest() for text in texts]
    assert past.tokens("dwelling", texts) == [base64.b32encode(digest).decode().lower() for digest in digests]
    assert [past.token("dwelling", text) for text in texts] == past.tokens("dwelling", texts)
    assert past.tokens("dwelling", []) == []
