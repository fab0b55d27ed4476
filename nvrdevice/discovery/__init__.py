"""WS-Discovery as ONVIF uses it: how an NVR finds this device without knowing its address.

messages: what is said, pure. scopes: what the device says of itself. answers: whom to
answer and how often. responder: the sockets.
"""
