// Reads objects of Kubernetes, one as JSON on each line, as an API server reads them: strictly, with its defaults, its validation and, for
// pods, the restricted Pod Security Standard. Prints what it would refuse; exit 1 when there is anything.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingvalidation "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
	security "k8s.io/pod-security-admission/api"
	securitypolicy "k8s.io/pod-security-admission/policy"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	objects, refused := 0, 0
	for lines.Scan() {
		objects++
		for _, problem := range problemsOf(lines.Bytes()) {
			refused++
			fmt.Println(problem)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Println(err)
		refused++
	}
	fmt.Printf("%d objects, %d problems\n", objects, refused)
	if refused > 0 {
		os.Exit(1)
	}
}

func problemsOf(line []byte) []error {
	scheme := legacyscheme.Scheme
	decoder := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Strict: true})
	object, kind, err := decoder.Decode(line, nil, nil)
	if err != nil {
		return []error{fmt.Errorf("%v: %w", kind, err)}
	}
	scheme.Default(object)
	problems := securityProblems(object)
	internal, err := scheme.ConvertToVersion(object, schema.GroupVersion{Group: kind.Group, Version: runtime.APIVersionInternal})
	if err != nil {
		return append(problems, err)
	}
	for _, problem := range validate(internal) {
		problems = append(problems, problem)
	}
	name := internal.(metav1.Object).GetName()
	for i, problem := range problems {
		problems[i] = fmt.Errorf("%s/%s: %w", kind.Kind, name, problem)
	}
	return problems
}

func validate(object runtime.Object) field.ErrorList {
	switch object := object.(type) {
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(object, optionsFor(&object.Spec.Template))
	case *apps.StatefulSet:
		return appsvalidation.ValidateStatefulSet(object, optionsFor(&object.Spec.Template))
	case *batch.Job:
		// The server makes it, of an id that it gives.
		object.Spec.Selector = &metav1.LabelSelector{MatchLabels: object.Spec.Template.Labels}
		return batchvalidation.ValidateJobSpec(&object.Spec, field.NewPath("spec"), optionsFor(&object.Spec.Template))
	case *networking.NetworkPolicy:
		return networkingvalidation.ValidateNetworkPolicy(object, networkingvalidation.NetworkPolicyValidationOptions{})
	case *networking.Ingress:
		return networkingvalidation.ValidateIngressCreate(object)
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(object, policyvalidation.PodDisruptionBudgetValidationOptions{})
	case *autoscaling.HorizontalPodAutoscaler:
		return autoscalingvalidation.ValidateHorizontalPodAutoscaler(object, autoscalingvalidation.HorizontalPodAutoscalerSpecValidationOptions{})
	case *core.Service:
		return corevalidation.ValidateServiceCreate(object)
	case *core.ServiceAccount:
		return corevalidation.ValidateServiceAccount(object)
	case *core.ConfigMap:
		return corevalidation.ValidateConfigMap(object)
	case *core.Namespace:
		return corevalidation.ValidateNamespace(object)
	}
	return field.ErrorList{field.InternalError(nil, fmt.Errorf("nothing here validates a %T", object))}
}

func optionsFor(template *core.PodTemplateSpec) corevalidation.PodValidationOptions {
	return podutil.GetValidationOptionsFromPodTemplate(template, nil)
}

func securityProblems(object runtime.Object) []error {
	var template corev1.PodTemplateSpec
	switch object := object.(type) {
	case *appsv1.Deployment:
		template = object.Spec.Template
	case *appsv1.StatefulSet:
		template = object.Spec.Template
	case *batchv1.Job:
		template = object.Spec.Template
	default:
		return nil
	}
	evaluator, err := securitypolicy.NewEvaluator(securitypolicy.DefaultChecks())
	if err != nil {
		return []error{err}
	}
	level := security.LevelVersion{Level: security.LevelRestricted, Version: security.LatestVersion()}
	result := securitypolicy.AggregateCheckResults(evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec))
	if result.Allowed {
		return nil
	}
	return []error{errors.New("restricted: " + result.ForbiddenDetail())}
}
