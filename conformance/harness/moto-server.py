# moto's server with one thread: with several, two consumers may be given the same message, which SQS does not do. And with a plain clock: its
# own one takes most of the time, as it is asked for each message of a queue with every request.
import sys
import time

import moto.sqs.models
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

moto.sqs.models.unix_time = time.time
moto.sqs.models.unix_time_millis = lambda: time.time() * 1000

run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
