# Copied from the browser's network tab ("copy as cURL (bash)") and written by hand.
curl 'http://127.0.0.1:5080/item/1' -H 'Accept: application/json' -H 'Cookie: sid=8f14e45f' --compressed
curl -sS 'http://127.0.0.1:5080/item/2?token=s3cret&size=2' \
  -H 'Accept: application/json' | jq .
curl -X POST http://127.0.0.1:5080/order -H 'Content-Type: application/json' -d $'{"item": 1, "note": "it\'s \u5546"}'
curl -L -k http://127.0.0.1:5080/cart --data-urlencode 'q=tea & milk' -G
curl -F picture=@cup.png http://127.0.0.1:5080/upload
