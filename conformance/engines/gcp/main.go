// A Pub/Sub service in memory, over the REST API: Google's own fake (pstest) reads and answers everything, with Google's own
// definitions of the messages. What the fake has not, and the service has, is kept here: a count of deliveries for each subscription, and
// Cloud Monitoring's numbers of what waits.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// How long a pull waits for messages; the service takes up to 90 seconds.
const longestPull = 5 * time.Second

type peer struct {
	fake *pstest.GServer
	mu   sync.Mutex
	subs map[string]*ledger
}

// What the fake does not tell of a subscription.
type ledger struct {
	topic      string
	counts     bool
	published  map[string]time.Time
	deliveries map[string]int32
}

func main() {
	port := flag.Int("port", 0, "of 127.0.0.1")
	flag.Parse()
	server := pstest.NewServer()
	// The fake orders by time of publishing, so no two messages may have the same.
	server.SetTimeNowFunc(strictlyLater())
	p := &peer{fake: &server.GServer, subs: map[string]*ledger{}}
	http.HandleFunc("/v1/projects/", p.serve)
	http.HandleFunc("/v3/projects/", p.serveMetrics)
	log.Fatal(http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", *port), nil))
}

func strictlyLater() func() time.Time {
	var mu sync.Mutex
	var last time.Time
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if !now.After(last) {
			now = last.Add(time.Nanosecond)
		}
		last = now
		return now
	}
}

func (p *peer) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	name, verb, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v1/"), ":")
	kind := strings.Split(name, "/")[2]
	answer, err := p.answer(r.Context(), r.Method+" "+kind+":"+verb, name, body)
	if err != nil {
		writeError(w, err)
		return
	}
	text, err := protojson.Marshal(answer)
	if err != nil {
		writeError(w, err)
		return
	}
	w.Header().Set("content-type", "application/json")
	w.Write(text)
}

func (p *peer) answer(ctx context.Context, call, name string, body []byte) (proto.Message, error) {
	switch call {
	case "PUT topics:":
		request := &pubsubpb.Topic{}
		if err := read(body, request); err != nil {
			return nil, err
		}
		request.Name = name
		return p.fake.CreateTopic(ctx, request)
	case "PUT subscriptions:":
		request := &pubsubpb.Subscription{}
		if err := read(body, request); err != nil {
			return nil, err
		}
		request.Name = name
		return p.createSubscription(ctx, request)
	case "GET subscriptions:":
		return p.fake.GetSubscription(ctx, &pubsubpb.GetSubscriptionRequest{Subscription: name})
	case "POST topics:publish":
		request := &pubsubpb.PublishRequest{}
		if err := read(body, request); err != nil {
			return nil, err
		}
		request.Topic = name
		return p.publish(ctx, request)
	case "POST subscriptions:pull":
		request := &pubsubpb.PullRequest{}
		if err := read(body, request); err != nil {
			return nil, err
		}
		request.Subscription = name
		return p.pull(ctx, request)
	case "POST subscriptions:acknowledge":
		request := &pubsubpb.AcknowledgeRequest{}
		if err := read(body, request); err != nil {
			return nil, err
		}
		request.Subscription = name
		return p.acknowledge(ctx, request)
	case "POST subscriptions:modifyAckDeadline":
		request := &pubsubpb.ModifyAckDeadlineRequest{}
		if err := read(body, request); err != nil {
			return nil, err
		}
		request.Subscription = name
		return p.fake.ModifyAckDeadline(ctx, request)
	}
	return nil, status.Errorf(codes.Unimplemented, "%s is not served here", call)
}

// Refuses what the definitions do not have.
func read(body []byte, request proto.Message) error {
	if err := protojson.Unmarshal(body, request); err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	return nil
}

func (p *peer) createSubscription(ctx context.Context, request *pubsubpb.Subscription) (*pubsubpb.Subscription, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	created, err := p.fake.CreateSubscription(ctx, request)
	if err != nil {
		return nil, err
	}
	p.subs[request.Name] = &ledger{
		topic:      request.Topic,
		counts:     request.DeadLetterPolicy != nil,
		published:  map[string]time.Time{},
		deliveries: map[string]int32{},
	}
	return created, nil
}

func (p *peer) publish(ctx context.Context, request *pubsubpb.PublishRequest) (*pubsubpb.PublishResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	response, err := p.fake.Publish(ctx, request)
	if err != nil {
		return nil, err
	}
	for _, sub := range p.subs {
		if sub.topic != request.Topic {
			continue
		}
		for _, id := range response.MessageIds {
			sub.published[id] = time.Now()
		}
	}
	return response, nil
}

func (p *peer) pull(ctx context.Context, request *pubsubpb.PullRequest) (*pubsubpb.PullResponse, error) {
	until := time.Now().Add(longestPull)
	isImmediate := request.ReturnImmediately
	request.ReturnImmediately = true
	for {
		response, err := p.fake.Pull(ctx, request)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, p.putBack(request.Subscription, response)
		}
		if len(response.ReceivedMessages) > 0 {
			return p.counted(request.Subscription, response), nil
		}
		if isImmediate || time.Now().After(until) {
			return response, nil
		}
		select {
		case <-ctx.Done():
			return nil, status.FromContextError(ctx.Err()).Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Whoever asked has gone.
func (p *peer) putBack(subscription string, response *pubsubpb.PullResponse) error {
	request := &pubsubpb.ModifyAckDeadlineRequest{Subscription: subscription}
	for _, received := range response.ReceivedMessages {
		request.AckIds = append(request.AckIds, received.AckId)
	}
	if _, err := p.fake.ModifyAckDeadline(context.Background(), request); err != nil {
		return err
	}
	return status.Error(codes.Canceled, "nobody waits for the answer")
}

// The fake has one count for all subscriptions of a message.
func (p *peer) counted(subscription string, response *pubsubpb.PullResponse) *pubsubpb.PullResponse {
	p.mu.Lock()
	defer p.mu.Unlock()
	sub := p.subs[subscription]
	counted := &pubsubpb.PullResponse{}
	for _, received := range response.ReceivedMessages {
		one := &pubsubpb.ReceivedMessage{AckId: received.AckId, Message: received.Message}
		if sub.counts {
			sub.deliveries[received.AckId]++
			one.DeliveryAttempt = sub.deliveries[received.AckId]
		}
		counted.ReceivedMessages = append(counted.ReceivedMessages, one)
	}
	return counted
}

func (p *peer) acknowledge(ctx context.Context, request *pubsubpb.AcknowledgeRequest) (proto.Message, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	response, err := p.fake.Acknowledge(ctx, request)
	if err != nil {
		return nil, err
	}
	sub := p.subs[request.Subscription]
	for _, id := range request.AckIds {
		delete(sub.published, id)
		delete(sub.deliveries, id)
	}
	return response, nil
}

var metricType = regexp.MustCompile(`metric\.type = "([^"]+)"`)
var oneOf = regexp.MustCompile(`resource\.labels\.subscription_id = one_of\(([^)]*)\)`)

// projects.timeSeries.list for the two metrics that an engine asks for.
func (p *peer) serveMetrics(w http.ResponseWriter, r *http.Request) {
	filter := r.URL.Query().Get("filter")
	metric, list := metricType.FindStringSubmatch(filter), oneOf.FindStringSubmatch(filter)
	if metric == nil || list == nil {
		writeError(w, status.Errorf(codes.InvalidArgument, "the filter is not served here: %s", filter))
		return
	}
	project := strings.Split(r.URL.Path, "/")[3]
	p.mu.Lock()
	defer p.mu.Unlock()
	series := []map[string]any{}
	for _, quoted := range strings.Split(list[1], ",") {
		id := strings.Trim(quoted, `"`)
		sub := p.subs["projects/"+project+"/subscriptions/"+id]
		if sub == nil {
			continue
		}
		value := int64(len(sub.published))
		if strings.HasSuffix(metric[1], "/oldest_unacked_message_age") {
			value = sub.oldestAge()
		}
		series = append(series, map[string]any{
			"metric":   map[string]any{"type": metric[1]},
			"resource": map[string]any{"type": "pubsub_subscription", "labels": map[string]string{"project_id": project, "subscription_id": id}},
			"points":   []any{map[string]any{"value": map[string]any{"int64Value": fmt.Sprint(value)}}},
		})
	}
	w.Header().Set("content-type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"timeSeries": series})
}

func (l *ledger) oldestAge() int64 {
	oldest := time.Now()
	for _, at := range l.published {
		if at.Before(oldest) {
			oldest = at
		}
	}
	return int64(time.Since(oldest).Seconds())
}

func writeError(w http.ResponseWriter, err error) {
	s := status.Convert(err)
	httpStatus := map[codes.Code]int{
		codes.NotFound: 404, codes.InvalidArgument: 400, codes.AlreadyExists: 409, codes.FailedPrecondition: 400, codes.Unimplemented: 501,
	}[s.Code()]
	if httpStatus == 0 {
		httpStatus = 500
	}
	w.Header().Set("content-type", "application/json")
	w.WriteHeader(httpStatus)
	json.NewEncoder(w).Encode(map[string]any{
		"error": map[string]any{"code": httpStatus, "message": s.Message(), "status": code.Code_name[int32(s.Code())]},
	})
}
